import type { ComponentProps, ReactNode } from "react";

type TableProps = {
  caption: string;
  head: ReactNode;
  // the width under which the rows become cards: 900 px, or 1,200 px for a table with many columns
  cardsUnder?: "rail" | "wide";
  children: ReactNode;
};

// A real table. Where the window is too narrow for it each row becomes a card in the same order, and each cell says its column's
// name: see the variant `cards` in globals.css. Where long words still want more room, the table moves sideways and never the page.
export function Table({ caption, head, cardsUnder = "rail", children }: TableProps) {
  return (
    <div data-cards={cardsUnder} className="relative -m-1 overflow-x-auto p-1 cards:overflow-x-visible">
      <table className="w-full border-collapse text-start text-sm cards:block">
        <caption className="sr-only">{caption}</caption>
        <thead className="cards:sr-only">
          <tr className="border-b border-line">{head}</tr>
        </thead>
        <tbody className="cards:grid cards:gap-3 cards:sm:grid-cols-2">{children}</tbody>
      </table>
    </div>
  );
}

export function HeadCell({ className = "", ...rest }: ComponentProps<"th">) {
  return <th scope="col" {...rest} className={`h-10 px-2 text-start font-medium whitespace-nowrap text-muted ${className}`} />;
}

const classes = (...all: string[]): string => all.filter(Boolean).join(" ");

export function Row({ className = "", ...rest }: ComponentProps<"tr">) {
  return <tr {...rest} className={classes("row", className)} />;
}

type CellProps = ComponentProps<"td"> & {
  // the column's name; without one the cell is the card's heading
  label?: string;
  // nothing to tell: a card leaves the line out
  none?: boolean;
  // more than a word or two: it has the card's whole width
  whole?: boolean;
};

export function Cell({ label, none, whole, className = "", ...rest }: CellProps) {
  const display = none ? "cards:hidden" : whole ? "cards:block" : "";
  return <td {...rest} {...(label === undefined ? {} : { "data-label": label })} className={classes("cell", display, className)} />;
}
