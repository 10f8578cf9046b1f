import type { ReactNode } from "react";

type Props = { title: string; children: ReactNode; action: ReactNode; reference?: ReactNode };

// What happened, what it means, one next step. Knows no language and no server, so error boundaries use it too.
export function MessagePage({ title, children, action, reference }: Props) {
  return (
    <div className="space-y-6">
      <h1 className="text-xl font-semibold">{title}</h1>
      <div className="space-y-3 text-muted">{children}</div>
      {action}
      {reference && <div className="border-t border-line pt-4 text-sm text-muted">{reference}</div>}
    </div>
  );
}
