import { sql } from "drizzle-orm";
import { database } from "@/db/client";
import { type Outcome, spread } from "@/tests/figures/figure";
import type { Told } from "./attack";
import { kinds } from "./kinds";
import type { Mutant } from "./mutants";
import type { Window } from "./neighbour";
import type { Call } from "./platform";
import { type Second, slower } from "./slower";

/** What is promised. */
const MOST_MB = 32;
const MOST_MS = 20_000;
const MOST_SLOWER = 1.1;

/** A window, and the most memory of the product in it. */
export type Seen = { beside: boolean; mb: number; seen: Window };
type All = { windows: readonly Seen[]; calls: readonly Call[]; told: readonly Told[]; connections: number; warmMb: number };

const round = (value: number, digits = 1) => Number(value.toFixed(digits));
const seconds = (ms: number) => `${round(ms / 1000)} s`;

/** Accounts at hostile platforms that count as renewed, or as ended. */
async function believed(): Promise<number> {
  const found = await database().execute<{ many: number }>(
    sql`select count(*)::int as many from connections where offer like 'hostile-%' and (generation > 1 or status <> 'active')`,
  );
  return found.rows[0]?.many ?? 0;
}

/** `sees`: what alone is to judge, where it is about a guard that is switched off. */
export async function judge(all: All, sees: Mutant["sees"] | null, random: () => number): Promise<Outcome> {
  const { windows, calls, told, connections, warmMb } = all;
  const silent = Object.keys(kinds).filter((kind) => !calls.some((call) => call.kind === kind));
  if (silent.length > 0) throw new Error(`Nobody came to ${silent.join(", ")}.`);
  const [quiet, beside] = [windows.filter((one) => !one.beside), windows.filter((one) => one.beside)];
  // Before anybody was hostile: what a hostile window leaves behind is not to be taken for the product's own.
  const ownMb = Math.max(warmMb, windows[0]?.mb ?? 0);
  const moreMb = Math.max(...windows.slice(1).map(({ mb }) => mb)) - ownMb;
  const compare = (which: (window: Window) => Second[]) =>
    slower(
      quiet.flatMap(({ seen }) => which(seen)),
      beside.flatMap(({ seen }) => which(seen)),
      random,
    );
  const [handed, renewed] = [compare((window) => window.handed), compare((window) => window.renewed)];
  const errors = windows.reduce((sum, { seen }) => sum + seen.errors, 0);
  const late = (some: readonly Seen[]) => spread(some.flatMap(({ seen }) => seen.lateMs));
  const times = (some: readonly Seen[], which: (window: Window) => Second[]) => some.flatMap(({ seen }) => which(seen)).flat().length;
  const worstMs = Math.max(...calls.map(({ ms }) => ms));
  const failures = {
    memory: Number(moreMb > MOST_MB),
    time: calls.filter(({ ms }) => ms > MOST_MS).length,
    calls: calls.filter(({ path }) => path !== "/token").length + (await believed()),
    neighbour: [handed, renewed].filter(({ ratio }) => ratio > MOST_SLOWER).length + errors,
  };
  const of = ({ quietMs, besideMs, ratio, low, high }: typeof handed) =>
    `${round(besideMs)} ms beside them and ${round(quietMs)} ms without, a ratio of ${ratio.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})`;
  return {
    n: calls.length,
    of: "hostile calls",
    failures: sees === null ? Object.values(failures).reduce((sum, many) => sum + many, 0) : failures[sees],
    line:
      `${calls.length} calls to ${Object.keys(kinds).length} kinds of hostile platform: ${round(Math.max(0, moreMb))} MB more at the most, the longest over after ${seconds(worstMs)}, ` +
      `${failures.calls} followed or believed; a neighbour's p99 in ${beside.length} windows of each: ${times(windows, ({ handed: some }) => some)} calls for access ${of(handed)}, ` +
      `${times(windows, ({ renewed: some }) => some)} that wait for a renewal ${of(renewed)}; ${errors} errors; ` +
      `what the background renews for him began ${seconds(late(beside)?.p99 ?? 0)} late beside them, ${seconds(late(quiet)?.p99 ?? 0)} without (99 %)`,
    result: {
      failures,
      memoryMb: { own: round(ownMb), more: round(moreMb), windows: windows.map((one) => [one.beside ? "beside" : "quiet", round(one.mb)]) },
      connections,
      worstMs: Math.round(worstMs),
      kinds: Object.fromEntries(
        Object.keys(kinds).map((kind) => {
          const own = calls.filter((call) => call.kind === kind);
          return [kind, { calls: own.length, ms: spread(own.map(({ ms }) => ms)) }];
        }),
      ),
      askedThere: { statuses: count(told.map(({ status }) => status)), ms: spread(told.map(({ ms }) => ms)) },
      neighbour: {
        handed: { quiet: times(quiet, (one) => one.handed), beside: times(beside, (one) => one.handed), ...handed },
        renewed: { quiet: times(quiet, (one) => one.renewed), beside: times(beside, (one) => one.renewed), ...renewed },
        backgroundLateMs: { quiet: late(quiet), beside: late(beside) },
        errors,
      },
    },
  };
}

function count(values: readonly number[]): Record<string, number> {
  const found: Record<string, number> = {};
  for (const value of values) found[value] = (found[value] ?? 0) + 1;
  return found;
}
