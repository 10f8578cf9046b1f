import { UserSearch } from "lucide-react";
import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { titleFor } from "@/app/title-for";
import { Invitations } from "@/components/people/invitations";
import { Merchants } from "@/components/people/merchants";
import { PeopleFilter } from "@/components/people/people-filter";
import { PeopleTable } from "@/components/people/people-table";
import { RoleMatrix } from "@/components/people/role-matrix";
import { PageHeader } from "@/components/shell/page-header";
import { Pager } from "@/components/support/pager";
import { Disclosure } from "@/components/ui/disclosure";
import { EmptyState } from "@/components/ui/empty-state";
import { permissions } from "@/lib/auth/permissions";
import { requireActor } from "@/lib/auth/session";
import { peopleCriteriaOf, peopleQuery } from "@/lib/people/people-criteria";
import { showPeople } from "@/lib/people/show-people";
import { singleValues } from "@/lib/single-values";
import * as actions from "./actions";
import { Outcome, problemOf } from "./outcome";

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export async function generateMetadata(): Promise<Metadata> {
  return titleFor("people.manage", (await getTranslations("people"))("title"));
}

export default async function PeoplePage({ searchParams }: Props) {
  const actor = await requireActor("people.manage");
  const [query, t] = await Promise.all([searchParams.then(singleValues), getTranslations("people")]);
  const criteria = peopleCriteriaOf(query);
  const { people, previous, next, invitations, merchants, choices, of } = await showPeople(actor, query);
  const problem = problemOf(query);
  const from = (place: Record<string, string>) => `/people?${new URLSearchParams([...peopleQuery(criteria), ...Object.entries(place)])}`;
  return (
    <>
      <PageHeader title={t("title")} lead={t("lead")} />
      <Outcome query={query} />
      <PeopleFilter criteria={criteria} of={of} />
      {people.length === 0 ? (
        <EmptyState icon={UserSearch} title={t("find.nobody")}>
          <p>{t("find.nobodyText")}</p>
        </EmptyState>
      ) : (
        <PeopleTable people={people} me={actor.id} />
      )}
      <Pager previousHref={previous && from({ before: previous })} nextHref={next && from({ after: next })} />
      <div className="mt-4">
        <Disclosure summary={t("roles")}>
          <RoleMatrix permissions={permissions} />
        </Disclosure>
      </div>
      <div className="mt-6 grid items-start gap-6 wide:grid-cols-3">
        <Invitations
          invitations={invitations}
          choices={choices}
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
