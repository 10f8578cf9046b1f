import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { titleFor } from "@/app/title-for";
import { HealthReport } from "@/components/health/health-report";
import { WorkerFacts } from "@/components/health/worker-facts";
import { PageHeader } from "@/components/shell/page-header";
import { Skeleton } from "@/components/ui/skeleton";
import { WhenReady } from "@/components/ui/when-ready";
import type { UserActor } from "@/lib/auth/actor";
import { requireActor } from "@/lib/auth/session";
import { overview } from "@/lib/connections/overview";
import { workerHealth } from "@/lib/health/worker-health";
import { singleValues } from "@/lib/single-values";

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export async function generateMetadata(): Promise<Metadata> {
  return titleFor("health.read", (await getTranslations("health"))("title"));
}

export default async function HealthPage({ searchParams }: Props) {
  const actor = await requireActor("health.read");
  const [t, query] = await Promise.all([getTranslations("health"), searchParams.then(singleValues)]);
  const skeleton = (
    <Skeleton shapes={["h-6 w-96 max-w-full", "h-52 w-full max-sm:h-96", ...Array<string>(12).fill("h-10 w-full max-sm:h-64")]} />
  );
  return (
    <>
      <PageHeader title={t("title")} />
      <WhenReady key={JSON.stringify(query)} skeleton={skeleton}>
        <Report actor={actor} query={query} />
      </WhenReady>
    </>
  );
}

async function Report({ actor, query }: { actor: UserActor; query: Record<string, string> }) {
  const [found, health] = await Promise.all([overview(actor, query), workerHealth(actor)]);
  return <HealthReport overview={found} work={<WorkerFacts health={health} />} />;
}
