import { useTranslations } from "next-intl";
import { ExactTime } from "@/components/connections/exact-time";
import { SubmitButton } from "@/components/forms/submit-button";
import { Disclosure } from "@/components/ui/disclosure";
import { Cell, HeadCell, Row, Table } from "@/components/ui/table";
import type { People, Person } from "@/lib/people/show-people";
import { RoleFields } from "./role-fields";

type Act = (form: FormData) => Promise<void>;
export type PersonActs = { changeRole: Act; disable: Act; enable: Act; endSessions: Act };
type Props = { people: People["people"]; merchants: People["merchants"]; me: string; acts: PersonActs };

export function PeopleTable({ people, merchants, me, acts }: Props) {
  const t = useTranslations("people");
  const heads = (["name", "role", "merchant", "seen", "actions"] as const).map((column) => (
    <HeadCell key={column}>{t(`table.${column}`)}</HeadCell>
  ));
  return (
    <Table caption={t("table.label")} head={heads}>
      {people.map((person) => (
        <Row key={person.id} className="align-top">
          <Cell className="align-top">
            <span>
              <bdi className="font-medium break-all">{person.name ?? person.email}</bdi>
              {person.id === me && <span className="text-muted"> ({t("table.you")})</span>}
              {person.name && <bdi className="block text-sm font-normal break-all text-muted">{person.email}</bdi>}
            </span>
          </Cell>
          <Cell label={t("table.role")} className="align-top">
            {person.disabledAt ? t("table.disabled") : t(`role.${person.role ?? "none"}`)}
          </Cell>
          <Cell label={t("table.merchant")} none={person.merchants.length === 0} className="align-top">
            <span className="cards:text-end">
              {person.merchants.map(({ id, name }) => (
                <bdi key={id} className="block">
                  {name}
                </bdi>
              ))}
            </span>
          </Cell>
          <Cell label={t("table.seen")} className="align-top">
            {person.seenAt ? <ExactTime at={person.seenAt} show="cell" /> : <span className="text-muted">{t("table.never")}</span>}
          </Cell>
          <Cell whole className="align-top">
            <Disclosure
              size="small"
              summary={
                <span>
                  {t.rich("change.open", {
                    name: person.name ?? person.email,
                    bdi: (chunks) => (
                      <span className="sr-only">
                        <bdi>{chunks}</bdi>
                      </span>
                    ),
                  })}
                </span>
              }
            >
              <div className="pt-2 font-normal">
                <ChangePerson person={person} merchants={merchants} acts={acts} />
              </div>
            </Disclosure>
          </Cell>
        </Row>
      ))}
    </Table>
  );
}

function ChangePerson({ person, merchants, acts }: { person: Person } & Pick<Props, "merchants" | "acts">) {
  const t = useTranslations("people.change");
  const id = <input type="hidden" name="userId" value={person.id} />;
  return (
    <div className="grid max-w-xs gap-5 pb-4">
      <form action={acts.changeRole} className="grid gap-3">
        {id}
        <RoleFields
          of={person.id}
          merchants={merchants}
          chosen={person.role ?? "merchant"}
          merchantId={person.merchants[0]?.id}
          labels={{ role: t("role"), merchant: t("merchant") }}
        />
        <SubmitButton size="small" className="justify-self-start">
          {t("save")}
        </SubmitButton>
      </form>
      <form action={acts.endSessions}>
        {id}
        <SubmitButton tone="secondary" size="small">
          {t("endSessions")}
        </SubmitButton>
      </form>
      <form action={person.disabledAt ? acts.enable : acts.disable} className="grid justify-items-start gap-1.5">
        {id}
        {!person.disabledAt && <p className="text-muted">{t("disableHint")}</p>}
        <SubmitButton tone={person.disabledAt ? "secondary" : "danger"} size="small">
          {person.disabledAt ? t("enable") : t("disable")}
        </SubmitButton>
      </form>
    </div>
  );
}
