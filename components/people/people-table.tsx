import Link from "next/link";
import { useTranslations } from "next-intl";
import { ExactTime } from "@/components/connections/exact-time";
import { Cell, HeadCell, Row, Table } from "@/components/ui/table";
import type { Person } from "@/lib/people/person-view";

type Props = { people: Person[]; me: string };

const columns = ["name", "role", "merchant", "seen"] as const;

export function PeopleTable({ people, me }: Props) {
  const t = useTranslations("people");
  return (
    <Table caption={t("table.label")} head={columns.map((column) => <HeadCell key={column}>{t(`table.${column}`)}</HeadCell>)}>
      {people.map(({ id, name, email, disabledAt, role, merchants, seenAt }) => (
        <Row key={id}>
          <Cell>
            <span>
              <Link href={`/people/${id}`} prefetch={false} className="link inline-flex min-h-6 items-center font-medium">
                <bdi className="break-all">{name ?? email}</bdi>
              </Link>
              {id === me && <span className="font-normal text-muted"> ({t("table.you")})</span>}
              {name && <bdi className="block text-sm font-normal break-all text-muted">{email}</bdi>}
            </span>
          </Cell>
          <Cell label={t("table.role")}>{disabledAt ? t("table.disabled") : t(`role.${role ?? "none"}`)}</Cell>
          <Cell label={t("table.merchant")} none={merchants.length === 0}>
            <span className="cards:text-end">
              {merchants.map((merchant) => (
                <bdi key={merchant.id} className="block">
                  {merchant.name}
                </bdi>
              ))}
            </span>
          </Cell>
          <Cell label={t("table.seen")}>
            {seenAt ? <ExactTime at={seenAt} show="cell" /> : <span className="text-muted">{t("table.never")}</span>}
          </Cell>
        </Row>
      ))}
    </Table>
  );
}
