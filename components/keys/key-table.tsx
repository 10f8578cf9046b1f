import { useTranslations } from "next-intl";
import { ExactTime } from "@/components/connections/exact-time";
import { ButtonLink } from "@/components/ui/button-link";
import { Cell, HeadCell, Row, Table } from "@/components/ui/table";
import type { KeyView } from "@/lib/keys/show-keys";
import { KeyMay } from "./key-may";
import { KeyPill } from "./key-pill";

type Props = {
  caption: string;
  keys: KeyView[];
  asOf: Date;
  // of keys that may still be used
  live?: boolean;
  // platforms by their slugs, as people call them
  platforms: Record<string, string>;
};

export function KeyTable({ caption, keys, asOf, live = false, platforms }: Props) {
  const t = useTranslations("keys");
  const columns = ["name", "may", "state", "used", "ends", "by"] as const;
  const heads = columns.map((column) => <HeadCell key={column}>{t(`table.${column}`)}</HeadCell>);
  if (live)
    heads.push(
      <HeadCell key="acts">
        <span className="sr-only">{t("table.acts")}</span>
      </HeadCell>,
    );
  return (
    <Table caption={caption} cardsUnder="wide" head={heads}>
      {keys.map((key) => (
        <Row key={key.id}>
          <Cell>
            <span className="block font-medium" id={key.id}>
              <bdi className="wrap-anywhere">{key.name}</bdi>
            </span>
            <code dir="ltr" className="text-sm font-normal whitespace-nowrap text-muted">
              {key.hint}…
            </code>
            {key.replaces && (
              <span className="block text-sm font-normal text-muted">
                {t.rich("table.replaces", { hint: () => <code dir="ltr">{key.replaces?.hint}…</code> })}
              </span>
            )}
          </Cell>
          <Cell label={t("table.may")} whole>
            <KeyMay of={key} platforms={platforms} />
          </Cell>
          <Cell label={t("table.state")}>
            <KeyPill state={key.state} />
          </Cell>
          <Cell label={t("table.used")}>
            <span className="cards:text-end">
              {key.lastUsedAt ? <ExactTime at={key.lastUsedAt} now={asOf} show="cell" /> : t("table.never")}
              {live && key.unused && <span className="block max-w-48 text-sm text-muted">{t("table.unused")}</span>}
            </span>
          </Cell>
          <Cell label={t("table.ends")}>{key.endsAt ? <ExactTime at={key.endsAt} now={asOf} show="cell" /> : t("table.noEnd")}</Cell>
          <Cell label={t("table.by")}>
            <bdi className="wrap-anywhere">{key.createdByName}</bdi>
          </Cell>
          {live && (
            <Cell label={t("table.acts")} whole className="cards:data-label:before:sr-only">
              <Acts of={key} />
            </Cell>
          )}
        </Row>
      ))}
    </Table>
  );
}

function Acts({ of: { id } }: { of: KeyView }) {
  const t = useTranslations("keys");
  return (
    <span className="flex flex-wrap gap-2">
      {(["replace", "revoke"] as const).map((act) => (
        <ButtonLink key={act} href={`/keys/${id}/${act}`} prefetch={false} size="small" aria-describedby={id}>
          {t(act)}
        </ButtonLink>
      ))}
    </span>
  );
}
