import type { Metadata } from "next";
import Link from "next/link";
import { getTranslations } from "next-intl/server";
import * as actions from "@/app/(admin)/people/actions";
import { Outcome } from "@/app/(admin)/people/outcome";
import { decided } from "@/app/decided";
import { titleFor } from "@/app/title-for";
import { PersonAccess } from "@/components/people/person-access";
import { SessionList } from "@/components/people/session-list";
import { PageHeader } from "@/components/shell/page-header";
import { Card } from "@/components/ui/card";
import { reach } from "@/lib/auth/permissions";
import { requireActor } from "@/lib/auth/session";
import { showPerson } from "@/lib/people/show-person";
import { singleValues } from "@/lib/single-values";

type Props = { params: Promise<{ id: string }>; searchParams: Promise<Record<string, string | string[] | undefined>> };

const acts = {
  changeRole: actions.changeRoleAction,
  disable: actions.disableAction,
  enable: actions.enableAction,
  remove: actions.removeAction,
};

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const actor = await requireActor();
  if (reach(actor, "people.manage") === "no") return titleFor("people.manage", "");
  const { person } = await decided(showPerson(actor, (await params).id));
  return { title: person.name ?? person.email };
}

export default async function PersonPage({ params, searchParams }: Props) {
  const actor = await requireActor("people.manage");
  const [{ person, sessions, choices }, query, t] = await Promise.all([
    decided(showPerson(actor, (await params).id)),
    searchParams.then(singleValues),
    getTranslations("people"),
  ]);
  const role = person.disabledAt ? t("table.disabled") : t(`role.${person.role ?? "none"}`);
  return (
    <>
      <PageHeader
        back={{ href: "/people", label: t("title") }}
        title={<bdi>{person.name ?? person.email}</bdi>}
        lead={
          <>
            {role}
            {person.name && (
              <>
                {" · "}
                <bdi>{person.email}</bdi>
              </>
            )}
            {person.merchants.map(({ id, name }) => (
              <span key={id}>
                {" · "}
                <bdi>{name}</bdi>
              </span>
            ))}
          </>
        }
      />
      <Outcome query={query} />
      <div className="grid items-start gap-6 wide:grid-cols-3">
        <Card aria-labelledby="sessions-title">
          <h2 id="sessions-title" className="mb-2 text-lg font-semibold">
            {t("sessions.title")}
          </h2>
          <SessionList userId={person.id} sessions={sessions} end={actions.endSessionsAction} />
          <p className="mt-4 border-t border-line pt-3">
            <Link href={`/audit?${new URLSearchParams({ actor: person.email })}`} prefetch={false} className="link">
              {t("change.acts")}
            </Link>
          </p>
        </Card>
        <PersonAccess person={person} merchants={choices} acts={acts} />
      </div>
    </>
  );
}
