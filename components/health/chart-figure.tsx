import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { Disclosure } from "@/components/ui/disclosure";

type Props = {
  finding: ReactNode;
  label: string;
  // how its marks are to be read, where that is not written on them
  keys?: string[];
  table?: ReactNode;
  children: ReactNode;
};

// What a chart shows, said first; the chart, which scrolls by itself where the window is narrower; and its numbers as a table.
export function ChartFigure({ finding, label, keys = [], table, children }: Props) {
  const t = useTranslations("health");
  return (
    <figure className="space-y-3">
      <figcaption className="max-w-prose">{finding}</figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must scroll by keyboard */}
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is a form's */}
      <div role="group" aria-label={label} tabIndex={0} className="overflow-x-auto pb-2">
        {children}
      </div>
      {keys.length > 0 && <p className="text-xs text-muted">{keys.join(" · ")}</p>}
      {table && (
        <Disclosure summary={t("asTable")} size="small">
          <div className="overflow-x-auto">{table}</div>
        </Disclosure>
      )}
    </figure>
  );
}

// The numbers of a chart, without the room that a table of connections needs.
export function ChartTable({ caption, head, rows }: { caption: string; head: ReactNode[]; rows: { key: string; cells: ReactNode[] }[] }) {
  return (
    <table className="border-collapse text-sm">
      <caption className="sr-only">{caption}</caption>
      <thead>
        <tr className="border-b border-line">
          {head.map((cell, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: columns have no identity but their place
            <th key={index} scope="col" className="px-3 py-1.5 text-start font-medium text-muted">
              {cell}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ key, cells: [first, ...others] }) => (
          <tr key={key} className="border-b border-line">
            <th scope="row" className="px-3 py-1.5 text-start font-normal whitespace-nowrap">
              {first}
            </th>
            {others.map((cell, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: columns have no identity but their place
              <td key={index} className="px-3 py-1.5 text-end tabular-nums">
                {cell}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
