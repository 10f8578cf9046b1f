import Link from "next/link";
import { useLocale } from "next-intl";
import { formatNumber } from "@/lib/format";
import { localeOfTag } from "@/lib/locale";

type Props = { n: number; href: string; label?: string; end?: boolean };

// A number that leads to what was counted; none of it leads nowhere. `end`: in a column of numbers.
export function CountLink({ n, href, label, end }: Props) {
  const number = formatNumber(n, localeOfTag(useLocale()));
  if (n === 0) return <span className="inline-flex min-h-6 min-w-6 items-center text-muted tabular-nums">{number}</span>;
  return (
    <Link
      href={href}
      prefetch={false}
      aria-label={label}
      className={`link inline-flex min-h-6 min-w-6 items-center tabular-nums ${end ? "justify-end" : ""}`}
    >
      {number}
    </Link>
  );
}
