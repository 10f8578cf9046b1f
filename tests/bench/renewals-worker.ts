import { sql } from "drizzle-orm";
import pg from "pg";
import { closeDatabase, database, openDatabase } from "@/db/client";
import { openIo } from "@/lib/connections/open-io";
import { outside } from "@/lib/http";
import { runJobs } from "@/lib/jobs/boss";
import { renewing } from "@/lib/jobs/renewing";

export type Told = {
  renewals: number;
  seconds: number;
  statements: number;
  cpuSeconds: number;
  costs: [text: string, times: number, ms: number][];
};

/** As many as the product has under way at one platform. */
const LANES = 60;

// One worker process of the benchmark: the bare calls by the product's own client first, then the renewals, with nothing else between.
const [origin = "", bareCalls = "1200"] = process.argv.slice(2);
process.stdout.write = (() => true) as typeof process.stdout.write;
const cpuSeconds = (since: NodeJS.CpuUsage) => {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1e6;
};

async function bare(calls: number): Promise<Told> {
  const [began, cpu] = [performance.now(), process.cpuUsage()];
  let left = calls;
  const lane = async () => {
    while (left > 0) {
      left -= 1;
      const body = new URLSearchParams({ grant_type: "refresh_token", refresh_token: `r${left}` });
      const headers = { accept: "application/json", authorization: "Basic bGF0Y2hrZXk6c2VjcmV0" };
      await (await outside()(`${origin}/token`, { method: "POST", headers, body })).json();
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return { renewals: calls, seconds: (performance.now() - began) / 1000, statements: 0, cpuSeconds: cpuSeconds(cpu), costs: [] };
}

/** Counts what goes to the database, and how long each kind of it was waited for. */
function countStatements() {
  const costs = new Map<string, [times: number, ms: number]>();
  const query = pg.Client.prototype.query as (...values: unknown[]) => unknown;
  pg.Client.prototype.query = function (this: pg.Client, first: unknown, ...rest: unknown[]) {
    const text = typeof first === "string" ? first : ((first as { text?: string } | null)?.text ?? "");
    const cost = costs.get(text) ?? [0, 0];
    costs.set(text, cost);
    cost[0] += 1;
    const began = performance.now();
    const ended = () => {
      cost[1] += performance.now() - began;
    };
    // The pool asks with a callback, a transaction for a promise.
    const last = rest.at(-1);
    if (typeof last === "function")
      rest[rest.length - 1] = (...answer: unknown[]) => {
        ended();
        last(...answer);
      };
    const sent = query.call(this, first, ...rest);
    if (sent instanceof Promise) sent.then(ended, ended);
    return sent;
  } as typeof pg.Client.prototype.query;
  return costs;
}

async function renewals(): Promise<Told> {
  const costs = countStatements();
  const due = async () =>
    (
      await database().execute<{ n: number; seconds: number }>(sql`
        select (select count(*)::int from connections where status = 'active' and next_refresh_at <= app_now()) as n,
          (select extract(epoch from max(at) - min(at))::float8 from events where kind = 'connection.renewed') as seconds`)
    ).rows[0] ?? { n: 0, seconds: 0 };
  const { n } = await due();
  const cpu = process.cpuUsage();
  const stop = await runJobs([renewing], { open: openIo, stopping: () => false });
  let now = await due();
  for (; now.n > 0; now = await due()) await new Promise((resolve) => setTimeout(resolve, 1_000));
  const used = cpuSeconds(cpu);
  await stop();
  const told = [...costs].map(
    ([text, [times, ms]]) => [text.replace(/\s+/g, " ").trim().slice(0, 120), times, ms] as [string, number, number],
  );
  const statements = told.reduce((sum, [, times]) => sum + times, 0);
  return { renewals: n, seconds: now.seconds, statements, cpuSeconds: used, costs: told.sort((a, b) => b[2] - a[2]).slice(0, 20) };
}

await openDatabase({ migrate: false });
await bare(LANES);
const before = await bare(Number(bareCalls));
const told = await renewals();
const after = await bare(Number(bareCalls));
process.send?.({ before, told, after });
await closeDatabase();
