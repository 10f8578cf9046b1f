import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { database } from "@/db/client";
import { worldClock } from "@/tests/demo/clock";
import { type Ports, places, startWorld, type World } from "@/tests/demo/world";
import { freePort } from "@/tests/support/free-port";
import { aMerchant } from "@/tests/support/journey";
import { bundle, start } from "./f1/child";
import type { Merchant, TraceLine } from "./f1/orders";
import { type Heard, heardIn, heldNow, isTaken } from "./f1/truth";
import { type Figure, randomOf } from "./figure";

const GATE = 200;
const NIGHT = 1_000;
/** Milliseconds of work before a kill. */
const [SOONEST, LATEST] = [50, 1_500];
/** Longer than leases and doubt, so that nothing waits for time to pass. */
const AHEAD_S = 125;
const STORES = [
  ["noon", "PRJ410001"],
  ["noon", "PRJ410002"],
  ["oauth2", "acct-riyadh"],
  ["oauth2", "acct-jeddah"],
  ["square", "MLRIYADH00001"],
  ["square", "MLJEDDAH00002"],
  ["ultracart", "RIYAD"],
] as const;

async function people({ norce }: World["platforms"]): Promise<Merchant[]> {
  const merchants: Merchant[] = [];
  for (const [slug, store] of STORES) merchants.push({ actor: await aMerchant(`${slug} ${store}`), slug, store });
  const user = norce.users.find(({ environments }) => environments.includes("stage"));
  if (!user) throw new Error("Norce has no user for this");
  const { slug, clientId: client_id, clientSecret: client_secret, applications } = user;
  const values = { mode: "commerce", region: "se", environment: "stage", scope: "", slug, client_id, client_secret };
  const actor = await aMerchant("norce");
  return [...merchants, { actor, slug: "norce", values: { ...values, application_id: String(applications[0]) } }];
}

async function world(): Promise<World> {
  const ports = {} as Ports;
  for (const place of places) ports[place] = await freePort();
  return startWorld({ productUrl: "http://localhost:3999", ports, clock: worldClock() });
}

function linesOf(trace: string): TraceLine[] {
  if (!existsSync(trace)) return [];
  const text = readFileSync(trace, "utf8").split("\n");
  return text.filter((line) => line.endsWith("}")).map((line) => JSON.parse(line) as TraceLine);
}

/** What the product says of an account, for whoever looks into a loss. */
async function standing(account: string): Promise<string> {
  const [offer, id] = account.split(" ");
  const found = await database().execute<{ said: string }>(sql`
    select string_agg(concat_ws(' ', c.status, c.trouble_code, c.epoch, a.status, a.outcome, a.trouble_code), '; ' order by c.created_at) as said
    from connections c left join attempts a on a.id = c.attempt_id where c.offer = ${offer} and (c.account_id = ${id} or c.account_id is null)`);
  return found.rows[0]?.said ?? "nothing";
}

/** Where a kill met each piece of work that had begun. */
function hits(lines: readonly TraceLine[]): string[] {
  const last = new Map<string, string>();
  for (const { who, point = "", heard } of lines) last.set(who, heard === undefined ? point : "last byte read");
  return [...last.values()];
}

export const figure: Figure = {
  title: "kill -9 at random moments of connecting, renewing, revoking and of the recovery: issued secrets that are lost",
  mutants: {
    off: "no journal is kept: what was read and not committed dies with its process",
    unwritten: "the journal says that an answer is on the disk when it is not",
  },
  gate: ["embedded"],
  night: ["embedded", "external"],
  measure: async ({ seed, long, many, mutant, address, say }) => {
    const random = randomOf(seed);
    const folder = mkdtempSync(join(tmpdir(), "latchkey-f1-"));
    const forget = await bundle();
    const at = await world();
    const environment = {
      ...at.environment,
      DATABASE_URL: address,
      LATCHKEY_JOURNAL: mutant === "off" ? "off" : join(folder, "journal"),
    };
    const merchants = await people(at.platforms);
    const rounds = many ?? (long ? NIGHT : GATE);
    const histogram: Record<string, number> = {};
    const newest = new Map<string, Heard>();
    const given = new Map<string, Set<string>>();
    const remember = (heard: Heard) => {
      newest.set(heard.account, heard);
      given.set(heard.account, (given.get(heard.account) ?? new Set()).add(heard.secret));
    };
    const count = { kills: 0, heard: 0, inWindow: 0, lost: 0, told: 0, silent: 0, served: 0, failed: 0, proved: 0 };

    /** A process of its own that is killed while `work` is under way; what it heard and where it was counts. */
    async function killed(trace: string, child: Awaited<ReturnType<typeof start>>, ms: number): Promise<void> {
      await new Promise((resolve) => setTimeout(resolve, ms));
      await child.kill();
      count.kills += 1;
      const lines = linesOf(trace);
      for (const hit of hits(lines)) histogram[hit] = (histogram[hit] ?? 0) + 1;
      rmSync(trace, { force: true });
      for (const heard of heardIn(lines, at.platforms)) {
        count.heard += 1;
        if (heard.inWindow) count.inWindow += 1;
        remember(heard);
      }
    }

    // A process that waits to be told has done nothing yet, and a round need not wait for one to come up.
    let serial = 0;
    const waiting: ReturnType<typeof begin>[] = [];
    async function begin() {
      serial += 1;
      const trace = join(folder, `${serial}`);
      return { trace, child: await start({ merchants, trace, mutant }, environment) };
    }
    function next() {
      while (waiting.length < 3) waiting.push(begin());
      return waiting.shift() ?? begin();
    }

    try {
      for (let round = 1; round <= rounds; round += 1) {
        if (round % 3 === 0) {
          const recovering = await next();
          void recovering.child.settle();
          await killed(recovering.trace, recovering.child, random() * 400);
        }
        at.clock.move(AHEAD_S * 1000);
        await database().execute(sql`update clock set ahead = ahead + make_interval(secs => ${AHEAD_S})`);
        const { trace, child } = await next();
        const settled = await child.settle();
        if (!settled || settled.failed) {
          count.failed += 1;
          say(`  round ${round}: not settled: ${settled?.failed ?? "it died"}`);
        }
        count.proved += settled?.active ?? 0;
        // Found out while it was proved, and its owner told so: what was spent just before the kill and never answered.
        const silent = (settled?.broken ?? []).filter((one) => !one.endsWith(" outcome_lost"));
        count.told += (settled?.broken.length ?? 0) - silent.length;
        count.silent += silent.length;
        for (const one of silent) say(`  round ${round}: counted as connected and refused by its platform: ${one}`);
        // What it heard while it settled is newer than what its predecessor did.
        for (const heard of heardIn(linesOf(trace), at.platforms)) remember({ ...heard, inWindow: false });
        const held = await heldNow();
        count.served += held.leftInEnded;
        for (const { account, secret, inWindow, passed } of newest.values()) {
          if (inWindow || held.text.includes(secret) || held.ended.has(account)) continue;
          // A consent that was given before and carried on after takes a store over with a grant of its own.
          if ([...(given.get(account) ?? [])].some((other) => held.text.includes(other) && isTaken(at.platforms, other))) continue;
          count.lost += 1;
          newest.delete(account);
          say(`  round ${round}: what ${account} was given is lost: ${await standing(account)}; after it was heard: ${passed}`);
        }
        child.work();
        await killed(trace, child, SOONEST + random() * (LATEST - SOONEST));
        if (round % 20 === 0) say(`  ${round} rounds, ${count.heard} answers heard, ${count.lost} lost`);
      }
    } finally {
      for (const { child } of await Promise.all(waiting)) await child.kill();
      await at.close();
      await forget();
      rmSync(folder, { recursive: true, force: true });
    }
    const failures = count.lost + count.silent + count.served + count.failed;
    const windows = {
      afterLastByte: (histogram["last byte read"] ?? 0) + (histogram["call.kept.after"] ?? 0) + (histogram["journal.write.before"] ?? 0),
      afterJournal: histogram["journal.write.after"] ?? 0,
      beforeCommit: (histogram["exchange.store.before"] ?? 0) + (histogram["renew.settle.before"] ?? 0),
    };
    return {
      n: rounds,
      of: "rounds",
      failures,
      line:
        `${count.kills} kills in ${rounds} rounds, ${count.heard} answers with a secret that is given once: ${count.lost} lost, ` +
        `${count.inWindow} cut off between their last byte and the journal, ${count.silent} connections broken in silence ` +
        `(${count.proved} proved after a restart), ${count.served} ended ones with secrets`,
      result: { ...count, windows, hits: Object.fromEntries(Object.entries(histogram).sort(([, a], [, b]) => b - a)) },
    };
  },
  notTested: [
    "the loss of power (F16 counts what was flushed)",
    "the database's death at the same moment",
    "several product processes at a time (F3)",
  ],
};
