import { useTranslations } from "next-intl";
import { ExactTime } from "@/components/connections/exact-time";
import { Card } from "@/components/ui/card";
import { FactList } from "@/components/ui/fact-list";
import type { WorkerHealth } from "@/lib/health/worker-health";

// Who renews, and what waits for it.
export function WorkerFacts({ health }: { health: WorkerHealth }) {
  const t = useTranslations("health.work");
  return (
    <Card className="max-w-prose py-3">
      <FactList
        facts={[
          { label: t("worker"), value: <Worker health={health} /> },
          { label: t("renewals"), value: <Due due={health.due} /> },
          { label: t("pace"), value: <AMinute work={health.aMinute} /> },
        ]}
      />
    </Card>
  );
}

function AMinute({ work: { renewals, rounds } }: { work: WorkerHealth["aMinute"] }) {
  const t = useTranslations("health.work");
  return rounds === 0 ? t("nothing") : t("aMinute", { renewals: whole(renewals), rounds: whole(rounds) });
}

/** Less than one a minute is not none. */
const whole = (n: number): number => (n > 0 && n < 1 ? 1 : Math.round(n));

function Worker({ health: { asOf, lastRoundAt, silent, processes } }: { health: WorkerHealth }) {
  const t = useTranslations("health.work");
  if (!lastRoundAt) return t("never");
  if (silent) return t.rich("silent", { time: () => <ExactTime at={lastRoundAt} show="exact" /> });
  return t("round", { s: Math.round((asOf.getTime() - lastRoundAt.getTime()) / 1_000), n: processes });
}

function Due({ due: { n, more, oldestAt } }: { due: WorkerHealth["due"] }) {
  const t = useTranslations("health.work");
  if (!oldestAt) return t("none");
  return t.rich(more ? "dueMore" : "due", { n, time: () => <ExactTime at={oldestAt} show="exact" /> });
}
