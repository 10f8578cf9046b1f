import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { Invitations } from "@/components/people/invitations";
import { Merchants } from "@/components/people/merchants";
import { PeopleTable } from "@/components/people/people-table";
import { PageHeader } from "@/components/shell/page-header";
import { Notice } from "@/components/ui/notice";
import { requireActor } from "@/lib/auth/session";
import { showPeople } from "@/lib/people/show-people";
import * as actions from "./actions";

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

const DONE = ["invited", "invited_silently", "revoked", "created", "role_changed", "disabled", "enabled", "sessions_ended"] as const;
const PROBLEMS = [
  "email",
  "merchant",
  "name",
  "input",
  "last_admin",
  "admin_by_configuration",
  "already_here",
  "already_invited",
  "external_id_taken",
  "not_found",
] as const;

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("people"))("title") };
}

export default async function PeoplePage({ searchParams }: Props) {
  const actor = await requireActor("people.manage");
  const [{ people, invitations, merchants }, query, t] = await Promise.all([showPeople(actor), searchParams, getTranslations("people")]);
  const done = DONE.find((name) => name === query.done);
  const problem = PROBLEMS.find((name) => name === query.problem);
  const counts = { people: people.filter(({ disabledAt }) => !disabledAt).length, invitations: invitations.length };
  const acts = {
    changeRole: actions.changeRoleAction,
    disable: actions.disableAction,
    enable: actions.enableAction,
    endSessions: actions.endSessionsAction,
  };
  return (
    <>
      <PageHeader title={t("title")} lead={t("lead", counts)} />
      <div className="mb-6 empty:hidden" role={problem ? "alert" : "status"}>
        {problem ? (
          <Notice tone="critical">{t(`problem.${problem}`)}</Notice>
        ) : (
          done && <Notice tone="positive">{t(`done.${done}`)}</Notice>
        )}
      </div>
      <PeopleTable people={people} merchants={merchants} me={actor.id} acts={acts} />
      <div className="mt-8 grid items-start gap-6 wide:grid-cols-3">
        <Invitations
          invitations={invitations}
          merchants={merchants}
          invite={actions.inviteAction}
          revoke={actions.revokeInvitationAction}
          emailError={problem === "email" ? t("problem.email") : undefined}
        />
        <Merchants
          merchants={merchants}
          create={actions.createMerchantAction}
          nameError={problem === "name" ? t("problem.name") : undefined}
        />
      </div>
    </>
  );
}
