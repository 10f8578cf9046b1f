import { useTranslations } from "next-intl";
import { SubmitButton } from "@/components/forms/submit-button";
import { Card } from "@/components/ui/card";
import type { Person } from "@/lib/people/person-view";
import { RoleFields } from "./role-fields";

type Act = (form: FormData) => Promise<void>;
export type PersonActs = Record<"changeRole" | "disable" | "enable" | "remove", Act>;
type Props = { person: Person; merchants: { id: string; name: string }[] | null; acts: PersonActs };

// What a person may do here, and the ways to end it.
export function PersonAccess({ person, merchants, acts }: Props) {
  const t = useTranslations("people");
  const id = <input type="hidden" name="userId" value={person.id} />;
  return (
    <>
      <Card aria-labelledby="role-title">
        <h2 id="role-title" className="mb-4 text-lg font-semibold">
          {t("change.role")}
        </h2>
        <form action={acts.changeRole} className="grid gap-4">
          {id}
          <RoleFields
            of="person"
            merchants={merchants}
            chosen={person.role ?? "merchant"}
            merchantId={person.merchants[0]?.id}
            labels={{ role: t("change.role"), merchant: t("change.merchant"), merchantHint: t("invite.merchantHint") }}
          />
          <SubmitButton className="justify-self-start">{t("change.save")}</SubmitButton>
        </form>
      </Card>
      <Card aria-labelledby="end-title">
        <h2 id="end-title" className="mb-3 text-lg font-semibold">
          {t("change.end")}
        </h2>
        <form action={person.disabledAt ? acts.enable : acts.disable} className="grid justify-items-start gap-1.5">
          {id}
          <p className="text-muted">{t(person.disabledAt ? "change.enableHint" : "change.disableHint")}</p>
          <SubmitButton tone="secondary" size="small">
            {t(person.disabledAt ? "change.enable" : "change.disable")}
          </SubmitButton>
        </form>
        {person.role && (
          <form action={acts.remove} className="mt-5 grid justify-items-start gap-1.5">
            {id}
            <p className="text-muted">{t("change.removeHint")}</p>
            <SubmitButton tone="danger" size="small">
              {t.rich("change.remove", { bdi: (chunks) => <bdi>{chunks}</bdi>, name: person.name ?? person.email })}
            </SubmitButton>
          </form>
        )}
      </Card>
    </>
  );
}
