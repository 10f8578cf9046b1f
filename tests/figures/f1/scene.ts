import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { database } from "@/db/client";
import { worldClock } from "@/tests/demo/clock";
import { type Ports, places, startWorld, type World } from "@/tests/demo/world";
import { freePort } from "@/tests/support/free-port";
import { aMerchant } from "@/tests/support/journey";
import { bundle, type Child, start } from "./child";
import type { Crash, Merchant, TraceLine } from "./orders";
import { type Heard, heardIn, heldNow, isTaken } from "./truth";

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
    select string_agg(concat_ws(' ', e.id, c.status, c.trouble_code, 'epoch', c.epoch, 'sent', c.sent_at is not null, e.kind, e.facts), '; ' order by e.id desc) as said
    from connections c join lateral (select * from events where connection_id = c.id order by id desc limit 12) e on true
    where c.offer = ${offer} and (c.account_id = ${id} or c.account_id is null) and c.status <> 'revoked'`);
  return found.rows[0]?.said ?? "nothing";
}

export type Life = { child: Child; lines: () => TraceLine[] };

/** The platforms, a product that is killed, and what is known of what it was given. */
export async function scene(address: string, mutant: string | null, say: (line: string) => void) {
  const folder = mkdtempSync(join(tmpdir(), "latchkey-f1-"));
  const forget = await bundle();
  const at = await world();
  const journal = mutant === "off" ? "off" : join(folder, "journal");
  const environment = { ...at.environment, DATABASE_URL: address, LATCHKEY_JOURNAL: journal };
  const merchants = await people(at.platforms);
  const newest = new Map<string, Heard>();
  const given = new Map<string, Set<string>>();
  const count = { heard: 0, inWindow: 0, lost: 0, told: 0, silent: 0, served: 0, failed: 0, proved: 0 };
  let serial = 0;

  function remember(heard: Heard): void {
    newest.set(heard.account, heard);
    given.set(heard.account, (given.get(heard.account) ?? new Set()).add(heard.secret));
  }

  return {
    merchants,
    count,
    /** A process of its own that waits to be told. */
    begin: async (crash: Crash | null = null): Promise<Life> => {
      serial += 1;
      const trace = join(folder, `${serial}`);
      return { child: await start({ merchants, trace, mutant, crash }, environment), lines: () => linesOf(trace) };
    },
    /** What processes share of a platform's sessions is made anew by the next. */
    forgetSessions: async (): Promise<void> => void (await database().execute(sql`delete from platform_sessions`)),
    /** One has died: what it heard until then counts. */
    bury: (lines: readonly TraceLine[]): void => {
      for (const heard of heardIn(lines, at.platforms)) {
        count.heard += 1;
        if (heard.inWindow) count.inWindow += 1;
        remember(heard);
      }
    },
    /** Leases and doubts are over, what is left behind is carried on by the next, and then everything is looked at. */
    recover: async ({ child, lines }: Life, name: string): Promise<void> => {
      at.clock.move(AHEAD_S * 1000);
      await database().execute(sql`update clock set ahead = ahead + make_interval(secs => ${AHEAD_S})`);
      const settled = await child.settle();
      if (!settled || settled.failed) {
        count.failed += 1;
        say(`  ${name}: not settled: ${settled?.failed ?? "it died"}`);
      }
      count.proved += settled?.active ?? 0;
      // Found out while it was proved, and its owner told so: what was spent just before the kill and never answered.
      const silent = (settled?.broken ?? []).filter((one) => !one.endsWith(" outcome_lost"));
      count.told += (settled?.broken.length ?? 0) - silent.length;
      count.silent += silent.length;
      for (const one of silent) say(`  ${name}: counted as connected and refused by its platform: ${one}`);
      // What it heard while it settled is newer than what its predecessor did.
      for (const heard of heardIn(lines(), at.platforms)) remember({ ...heard, inWindow: false });
      const held = await heldNow();
      count.served += held.leftInEnded;
      for (const { account, secret, inWindow, passed } of newest.values()) {
        if (inWindow || held.text.includes(secret) || held.ended.has(account)) continue;
        // Spent by a call that was cut off: in doubt, and told so.
        if (!isTaken(at.platforms, secret)) continue;
        // A consent that was given before and carried on after takes a store over with a grant of its own.
        if ([...(given.get(account) ?? [])].some((other) => held.text.includes(other) && isTaken(at.platforms, other))) continue;
        count.lost += 1;
        newest.delete(account);
        const known = [...(given.get(account) ?? [])];
        const stand = known.flatMap((one, index) =>
          held.text.includes(one) ? `number ${index} of ${known.length}, ${isTaken(at.platforms, one) ? "taken" : "spent"}` : [],
        );
        say(`  ${name}: what ${account} was given is lost; after it was heard: ${passed}`);
        say(`    held instead: ${stand.join(" and ") || "nothing that was heard"}; ${await standing(account)}`);
      }
    },
    end: async (): Promise<void> => {
      await at.close();
      await forget();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
