import { ChevronRight } from "lucide-react";
import type { ReactNode } from "react";

type Props = {
  summary: ReactNode;
  children: ReactNode;
  open?: boolean;
  // small (24 px to see, 44 px to press) in lists and tables, where a line of 44 px would tear the rows apart
  size?: "large" | "small";
};

export function Disclosure({ summary, children, open, size = "large" }: Props) {
  return (
    <details open={open} className="group">
      <summary
        className={`inline-flex list-none items-center gap-1.5 rounded-md text-muted hover:text-ink [&::-webkit-details-marker]:hidden ${size === "large" ? "min-h-11" : "relative min-h-6 text-sm before:absolute before:inset-x-0 before:-inset-y-2.5"}`}
      >
        <ChevronRight
          size={16}
          aria-hidden="true"
          className="shrink-0 group-open:rotate-90 rtl:-scale-x-100 rtl:group-open:scale-x-100 motion-safe:transition-transform"
        />
        {summary}
      </summary>
      <div className="pt-1 ps-5.5">{children}</div>
    </details>
  );
}
