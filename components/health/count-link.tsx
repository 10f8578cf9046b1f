import Link from "next/link";
import { useLocale } from "next-intl";
import { formatNumber } from "@/lib/format";
import { localeOfTag } from "@/lib/locale";

// A number that leads to what was counted; none of it leads nowhere.
export function CountLink({ n, href, label }: { n: number; href: string; label?: string }) {
  const number = formatNumber(n, localeOfTag(useLocale()));
  if (n === 0) return <span className="text-muted">{number}</span>;
  return (
    <Link
      href={href}
      prefetch={false}
      aria-label={label}
      className="link inline-flex min-h-6 min-w-6 items-center justify-end tabular-nums"
    >
      {number}
    </Link>
  );
}
