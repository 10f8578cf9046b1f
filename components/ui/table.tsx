import type { ComponentProps, ReactNode } from "react";

type TableProps = { caption: string; head: ReactNode; children: ReactNode };

// A real table. Under 640 px each row becomes a card in the same order, and each cell says its column's name.
export function Table({ caption, head, children }: TableProps) {
  return (
    <table className="w-full border-collapse text-start text-sm max-sm:block">
      <caption className="sr-only">{caption}</caption>
      <thead className="max-sm:sr-only">
        <tr className="border-b border-line">{head}</tr>
      </thead>
      <tbody className="max-sm:block">{children}</tbody>
    </table>
  );
}

export function HeadCell({ className = "", ...rest }: ComponentProps<"th">) {
  return <th scope="col" {...rest} className={`h-10 px-3 text-start font-medium whitespace-nowrap text-muted ${className}`} />;
}

export function Row({ className = "", ...rest }: ComponentProps<"tr">) {
  return (
    <tr
      {...rest}
      className={`border-b border-line hover:bg-surface-sunken max-sm:mb-3 max-sm:block max-sm:rounded-lg max-sm:border max-sm:bg-surface-raised max-sm:p-3 ${className}`}
    />
  );
}

type CellProps = ComponentProps<"td"> & {
  // the column's name; without one the cell is the card's heading
  label?: string;
  // nothing to tell: a card leaves the line out
  none?: boolean;
};

export function Cell({ label, none, className = "", ...rest }: CellProps) {
  return (
    <td
      {...rest}
      data-label={label}
      className={`h-10 px-3 py-1.5 align-middle ${none ? "max-sm:hidden" : "max-sm:flex"} max-sm:h-auto max-sm:items-baseline max-sm:justify-between max-sm:gap-4 max-sm:px-0 max-sm:data-label:before:text-muted max-sm:data-label:before:content-[attr(data-label)] max-sm:not-data-label:pb-2 max-sm:not-data-label:text-base max-sm:not-data-label:font-medium ${className}`}
    />
  );
}
