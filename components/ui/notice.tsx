import { CircleAlert, CircleCheck, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import type { Tone } from "./tone";

type Props = { tone: Tone; title?: ReactNode; children?: ReactNode; action?: ReactNode };

const look = {
  positive: { icon: CircleCheck, box: "border-positive/40 bg-positive-surface", ink: "text-positive" },
  info: { icon: Info, box: "border-info/40 bg-info-surface", ink: "text-info" },
  warning: { icon: TriangleAlert, box: "border-warning/40 bg-warning-surface", ink: "text-warning" },
  critical: { icon: CircleAlert, box: "border-critical/40 bg-critical-surface", ink: "text-critical" },
  neutral: { icon: Info, box: "border-line-strong/40 bg-neutral-surface", ink: "text-neutral" },
};

// A sentence that stands out in the page: a warning before a step, an outage, what a choice will end.
export function Notice({ tone, title, children, action }: Props) {
  const { icon: Icon, box, ink } = look[tone];
  return (
    <div className={`flex items-start gap-3 rounded-lg border p-4 ${box}`}>
      <Icon size={20} aria-hidden="true" className={`mt-0.5 shrink-0 ${ink}`} />
      <div className="min-w-0 grow space-y-1">
        {title && <p className={`font-semibold ${ink}`}>{title}</p>}
        {children && <div>{children}</div>}
        {action && <div className="pt-2">{action}</div>}
      </div>
    </div>
  );
}
