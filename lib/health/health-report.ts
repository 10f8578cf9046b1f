import { z } from "zod";
import { database } from "@/db/client";
import { readGates } from "@/db/gates";
import { countKinds } from "@/db/health-counts";
import { firstHours, sumHours } from "@/db/hours";
import { lastIncidents, recentIncidents } from "@/db/incidents";
import { readClock } from "@/db/read-clock";
import type { UserActor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { restate } from "@/lib/connections/restate";
import { isPublished, offers } from "@/lib/offers/offers";
import { type DueDay, dueDays } from "./due-days";
import { type ExpiryDay, expiryDays } from "./expiry-days";
import { type FailureCauses, failureCauses } from "./failure-causes";
import { type Horizon, horizon, horizonBounds } from "./horizon";
import { type LocalDay, localDays } from "./local-days";
import { type PlatformRow, platformRows, type StateCounts, stateCounts } from "./platform-rows";
import { type RateBudget, rateBudgets } from "./rate-budgets";
import { type WorkerHealth, workerHealth } from "./worker-health";

const EXPIRY_DAYS = 45;
const DUE_DAYS = 7;

/** `provider`: the platform's id, which names its texts in the catalogue; `platformName` overrides them. */
export type OfferName = { provider: string; platformName: string | null };
export type RecentIncident = { id: string; offer: string; code: string; openedAt: Date; closedAt: Date | null };

export type HealthReport = {
  asOf: Date;
  /** What the platforms are called, by offer. */
  names: Record<string, OfferName>;
  counts: StateCounts;
  /** How many are in none of them, because their state changed and is yet to be worked out. */
  behind: number;
  worker: WorkerHealth;
  platforms: PlatformRow[];
  causes: FailureCauses;
  /** The offer that the times below are narrowed to; null: all. */
  offer: string | null;
  /** The zone whose days and hours these are. */
  zone: string;
  expiry: ExpiryDay[];
  due: DueDay[];
  horizon: Horizon;
  /** The hour in which access first runs out where a renewal is planned, by offer. */
  first: ReadonlyMap<string, Date>;
  budgets: RateBudget[];
  incidents: RecentIncident[];
};

const schema = z.object({ platform: z.string().max(64).optional().catch(undefined) });

/** How everything stands. Adds up what is kept for it: costs the same however many connections there are. */
export async function healthReport(
  actor: UserActor,
  input: unknown,
  timeZone: string,
  limits = { restated: 5_000 },
): Promise<HealthReport> {
  authorize(actor, "health.read");
  await restate(limits.restated);
  const db = database();
  const asOf = await readClock(db);
  const kinds = await countKinds(db);
  // A draft is nobody's but its maker's; one that was taken back keeps the stores that are connected there.
  const all = offers().filter((one) => isPublished(one) || kinds.some((kind) => kind.offer === one.slug));
  const slugs = all.map(({ slug }) => slug);
  const offer = slugs.find((slug) => slug === schema.parse(input).platform) ?? null;
  const { zone, days } = localDays(asOf, timeZone, EXPIRY_DAYS);
  const week = days.slice(0, DUE_DAYS);
  const [runsOut, stops, due, first, worker, gates, recent, last] = await Promise.all([
    sumHours(db, "runs_out", bounds(days)),
    sumHours(db, "runs_out", horizonBounds(asOf)),
    sumHours(db, "due", hourBounds(week)),
    firstHours(db),
    workerHealth(actor),
    readGates(db),
    recentIncidents(db, 8),
    lastIncidents(db),
  ]);
  return {
    asOf,
    names: Object.fromEntries(all.map(({ slug, name, provider }) => [slug, { provider: provider.id, platformName: name }])),
    counts: stateCounts(kinds),
    behind: kinds.reduce((sum, kind) => sum + kind.behind, 0),
    worker,
    platforms: platformRows(slugs, kinds, last),
    causes: await failureCauses(kinds),
    offer,
    zone,
    expiry: expiryDays(days, runsOut, offer),
    due: dueDays(week, due, offer),
    horizon: horizon(asOf, slugs, stops),
    first,
    budgets: rateBudgets(all, gates, worker.dueByOffer, asOf),
    incidents: recent.map(({ id, offer: at, code, openedAt, closedAt }) => ({ id, offer: at, code, openedAt, closedAt })),
  };
}

const bounds = (days: readonly LocalDay[]): Date[] => [...days.map(({ from }) => from), ...days.slice(-1).map(({ to }) => to)];

const hourBounds = (days: readonly LocalDay[]): Date[] => [
  ...days.flatMap(({ hours }) => hours.map(({ at }) => at)),
  ...days.slice(-1).map(({ to }) => to),
];
