import type { Metadata } from "next";
import { getTimeZone, getTranslations } from "next-intl/server";
import { cache } from "react";
import { titleFor } from "@/app/title-for";
import { HealthReport } from "@/components/health/health-report";
import { waiting } from "@/components/health/truth";
import { PageHeader } from "@/components/shell/page-header";
import { Skeleton } from "@/components/ui/skeleton";
import { WhenReady } from "@/components/ui/when-ready";
import { requireActor } from "@/lib/auth/session";
import { healthReport } from "@/lib/health/health-report";
import { singleValues } from "@/lib/single-values";

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

/** Once for the page and its title. */
const reportOf = cache(async (platform: string | undefined) =>
  healthReport(await requireActor("health.read"), { platform }, await getTimeZone()),
);

export async function generateMetadata({ searchParams }: Props): Promise<Metadata> {
  const [t, { platform, wall }] = await Promise.all([getTranslations("health"), searchParams.then(singleValues)]);
  const metadata = await titleFor("health.read", t("title"));
  // Read from across the room, a tab says how many wait for somebody.
  return wall === "1" && metadata.title === t("title") ? { title: t("wallTitle", { n: waiting(await reportOf(platform)) }) } : metadata;
}

export default async function HealthPage({ searchParams }: Props) {
  await requireActor("health.read");
  const [t, query] = await Promise.all([getTranslations("health"), searchParams.then(singleValues)]);
  const wall = query.wall === "1";
  const skeleton = (
    <Skeleton
      shapes={["h-6 w-96 max-w-full", "h-8 w-80 max-w-full", "h-24 w-full max-sm:h-72", "h-60 w-full", "h-72 w-full", "h-52 w-full"]}
    />
  );
  return (
    <div className={wall ? "wall" : undefined}>
      <PageHeader title={t("title")} />
      <WhenReady key={JSON.stringify(query)} skeleton={skeleton}>
        <Report platform={query.platform} wall={wall} />
      </WhenReady>
    </div>
  );
}

async function Report({ platform, wall }: { platform: string | undefined; wall: boolean }) {
  return <HealthReport report={await reportOf(platform)} wall={wall} />;
}
