import Link from "next/link";
import { useTranslations } from "next-intl";
import { troubleText } from "@/components/connections/trouble-text";
import { Cell, HeadCell, Row, Table } from "@/components/ui/table";
import type { ListedItem } from "@/lib/bulk/show-run";

type Props = { caption: string; items: ListedItem[]; moreHref?: string };

// Connections that did not come to a good end, or have not yet, each with the reason.
export function RunItems({ caption, items, moreHref }: Props) {
  const t = useTranslations("bulk");
  const row = useTranslations("support.table");
  const head = (
    <>
      <HeadCell>{row("store")}</HeadCell>
      <HeadCell>{row("merchant")}</HeadCell>
      <HeadCell>{t("why")}</HeadCell>
    </>
  );
  return (
    <section aria-label={caption}>
      <h2 className="mb-2 text-lg font-semibold">{caption}</h2>
      <Table caption={caption} head={head}>
        {items.map((item) => (
          <Row key={item.connectionId}>
            <Cell>
              <Link href={`/support/${item.connectionId}`} prefetch={false} className="link inline-flex min-h-6 items-center font-medium">
                <bdi>{item.name ?? row("unnamed")}</bdi>
              </Link>
            </Cell>
            <Cell label={row("merchant")}>
              <bdi>{item.merchantName}</bdi>
            </Cell>
            <Cell label={t("why")} whole>
              <Why item={item} />
            </Cell>
          </Row>
        ))}
      </Table>
      {moreHref && (
        <Link href={moreHref} prefetch={false} className="link mt-3 inline-block">
          {t("more")}
        </Link>
      )}
    </section>
  );
}

function Why({ item }: { item: ListedItem }) {
  const t = useTranslations("bulk");
  const causes = useTranslations("connection");
  const platforms = useTranslations("platforms");
  const { code, status, provider, offer, tries } = item;
  const own = `code.${code}` as "code.gone";
  const text =
    code === null ? null : t.has(own) ? t(own) : troubleText(causes, platforms, { provider: provider ?? offer, trouble: null, code });
  return (
    <>
      {text}
      {status === "asked" && ` ${t("tries", { count: tries })}`}
    </>
  );
}
