import type { ReactNode } from "react";

type Props = { facts: { label: string; value: ReactNode }[] };

export function FactList({ facts }: Props) {
  return (
    <dl className="divide-y divide-line">
      {facts.map(({ label, value }) => (
        <div key={label} className="grid gap-x-6 gap-y-0.5 py-2.5 sm:grid-cols-[min(12rem,36%)_minmax(0,1fr)]">
          <dt className="text-sm text-muted sm:pt-0.5">{label}</dt>
          <dd className="min-w-0 wrap-anywhere">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
