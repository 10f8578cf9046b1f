import type { ReactNode } from "react";
import { Card } from "@/components/ui/card";

type Props = { id: string; title: ReactNode; lead?: ReactNode; children: ReactNode; className?: string };

export function Section({ id, title, lead, children, className }: Props) {
  return (
    <Card aria-labelledby={id} className={className}>
      <h2 id={id} className="text-lg font-semibold">
        {title}
      </h2>
      {lead && <p className="mt-1 text-muted">{lead}</p>}
      <div className="mt-4">{children}</div>
    </Card>
  );
}
