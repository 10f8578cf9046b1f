import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";

type Props = { icon?: LucideIcon; title: string; children: ReactNode; action?: ReactNode };

// One sentence that teaches, and the one thing to do.
export function EmptyState({ icon: Icon, title, children, action }: Props) {
  return (
    <section className="flex flex-col items-start gap-3 rounded-lg border border-dashed border-line-strong/60 p-6 sm:items-center sm:px-10 sm:py-14 sm:text-center">
      {Icon && <Icon size={28} strokeWidth={1.5} aria-hidden="true" className="text-muted" />}
      <h2 className="text-lg font-semibold">{title}</h2>
      <div className="max-w-prose text-muted">{children}</div>
      {action && <div className="mt-2">{action}</div>}
    </section>
  );
}
