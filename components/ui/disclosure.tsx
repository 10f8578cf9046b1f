import { ChevronRight } from "lucide-react";
import type { ReactNode } from "react";

type Props = { summary: ReactNode; children: ReactNode; open?: boolean };

export function Disclosure({ summary, children, open }: Props) {
  return (
    <details open={open} className="group">
      <summary className="inline-flex min-h-11 list-none items-center gap-1.5 rounded-md text-muted hover:text-ink [&::-webkit-details-marker]:hidden">
        <ChevronRight
          size={16}
          aria-hidden="true"
          className="group-open:rotate-90 rtl:-scale-x-100 rtl:group-open:scale-x-100 motion-safe:transition-transform"
        />
        {summary}
      </summary>
      <div className="pt-1 ps-5.5">{children}</div>
    </details>
  );
}
