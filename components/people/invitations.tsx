import { useTranslations } from "next-intl";
import { ExactTime } from "@/components/connections/exact-time";
import { SubmitButton } from "@/components/forms/submit-button";
import { TextField } from "@/components/forms/text-field";
import { Card } from "@/components/ui/card";
import type { People } from "@/lib/people/show-people";
import { RoleFields } from "./role-fields";

type Act = (form: FormData) => Promise<void>;
type Props = Pick<People, "invitations" | "choices"> & { invite: Act; revoke: Act; emailError?: string };

export function Invitations({ invitations, choices, invite, revoke, emailError }: Props) {
  const t = useTranslations("people");
  return (
    <>
      <Card aria-labelledby="invite-title">
        <h2 id="invite-title" className="text-lg font-semibold">
          {t("invite.title")}
        </h2>
        <p className="mt-1 mb-4 text-muted">{t("invite.text")}</p>
        <form action={invite} className="grid gap-4">
          <TextField
            id="email"
            type="email"
            dir="ltr"
            required
            maxLength={254}
            autoComplete="off"
            label={t("invite.email")}
            error={emailError}
          />
          <RoleFields
            of="invite"
            merchants={choices}
            chosen="merchant"
            labels={{ role: t("invite.role"), merchant: t("invite.merchant"), merchantHint: t("invite.merchantHint") }}
          />
          <SubmitButton className="justify-self-start">{t("invite.send")}</SubmitButton>
        </form>
      </Card>
      <Card aria-labelledby="invitations-title">
        <h2 id="invitations-title" className="text-lg font-semibold">
          {t("invitations.title")}
        </h2>
        {invitations.length === 0 && <p className="mt-1 text-muted">{t("invitations.empty")}</p>}
        <ul className="mt-2 divide-y divide-line">
          {invitations.map(({ id, email, role, merchantName, expiresAt }) => (
            <li key={id} className="flex flex-wrap items-center justify-between gap-3 py-3">
              <div className="min-w-0">
                <bdi className="font-medium break-all">{email}</bdi>
                <p className="text-sm text-muted">
                  {t(`role.${role}`)}
                  {merchantName && (
                    <>
                      {" · "}
                      <bdi>{merchantName}</bdi>
                    </>
                  )}
                  {" · "}
                  {t.rich("invitations.until", { time: () => <ExactTime at={expiresAt} show="day" /> })}
                </p>
              </div>
              <form action={revoke}>
                <input type="hidden" name="invitationId" value={id} />
                <SubmitButton tone="secondary" size="small" aria-label={t("invitations.revokeOf", { email })}>
                  {t("invitations.revoke")}
                </SubmitButton>
              </form>
            </li>
          ))}
        </ul>
      </Card>
    </>
  );
}
