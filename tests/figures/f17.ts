import { sql } from "drizzle-orm";
import { database } from "@/db/client";
import { createKey } from "@/lib/keys/create-key";
import { asActor, makeMerchant, makePerson } from "@/tests/auth/people";
import { connect } from "./f3/connect";
import { rotatingPlatform } from "./f3/platform";
import { type Answer, poll } from "./f17/poll";
import { drawn, type Figure, spread } from "./figure";
import { type Instance, startInstance } from "./instances/start";

const INSTANCES = 3;
const POLLERS = 50;
/** So many answers to what was asked after an end are looked at, and at least so many ends. */
const GATE = 500;
const NIGHT = 10_000;
const LEAST_ENDS = 12;
/** Asked for so long before an end, and after it. */
const BEFORE_MS = 300;
const AFTER_MS = 700;
/** The platform's answer to a renewal that callers wait for, which comes after the end. */
const RENEWAL_MS = 2_000;

const KINDS = ["connection", "key", "connection while its callers wait for a renewal"] as const;
type End = { kind: (typeof KINDS)[number]; asked: number; servedAfter: number; lateMs: number; served: number };

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** What was asked after the acknowledgement and served, and how late the last answer came that was asked for before. */
function judge(kind: End["kind"], answers: readonly Answer[], acknowledgedAt: number): End {
  const after = answers.filter(({ askedAt }) => askedAt >= acknowledgedAt);
  const served = answers.filter(({ status }) => status === 200);
  const lateMs = Math.max(0, ...served.map(({ answeredAt }) => answeredAt - acknowledgedAt));
  return { kind, asked: after.length, servedAfter: after.filter(({ status }) => status === 200).length, lateMs, served: served.length };
}

export const figure: Figure = {
  title: "Revoked at one of three instances while all of them are asked for the access: served after the acknowledgement",
  mutants: { "served-from-memory": "an instance hands out what it has once read" },
  night: ["external", "embedded"],
  measure: async ({ seed, long, many, mutant, address, say }) => {
    const platform = await rotatingPlatform(seed);
    const merchantId = await makeMerchant("Nile Books");
    const { id } = await makePerson("omar@latchkey.example", "admin");
    const admin = asActor(id);
    const environment = { ...platform.environment, DATABASE_URL: address };
    const starting = Array.from({ length: INSTANCES }, () => startInstance({ member: admin, admin, environment, mutant }));
    const instances = await Promise.all(starting);
    const wanted = many ?? (long ? NIGHT : GATE);
    const ends: End[] = [];

    const end = async (number: number): Promise<End> => {
      const kind = KINDS[number % KINDS.length] ?? "connection";
      const account = `shop-${number}`;
      const connection = await connect(platform, merchantId, account);
      const name = `orders-${number}`;
      const key = await createKey(admin, { name, scopes: ["access:read"], requestsPerSecond: 1_000_000 });
      const waits = kind === KINDS[2];
      if (waits) {
        platform.latencyMs.set(account, RENEWAL_MS);
        await database().execute(sql`update connections set expires_at = app_now() where id = ${connection}`);
      }
      const chosen = instances[Math.floor(drawn(seed, number, "instance") * INSTANCES)] as Instance;
      let going = true;
      const polling = poll(instances, POLLERS, `/api/v1/connections/${connection}/access`, key.token, () => going);
      await pause(BEFORE_MS);
      const { status, body } = await chosen.ask(kind === "key" ? `/act/end-key/${key.id}?name=${name}` : `/act/revoke/${connection}`, {
        method: "POST",
      });
      const acknowledgedAt = performance.now();
      if (status !== 200) throw new Error(`Not ended: ${JSON.stringify(body)}`);
      await pause(waits ? RENEWAL_MS + AFTER_MS : AFTER_MS);
      going = false;
      return judge(kind, await polling, acknowledgedAt);
    };

    try {
      const asked = () => ends.reduce((sum, one) => sum + one.asked, 0);
      for (let number = 0; number < LEAST_ENDS || asked() < wanted; number += 1) {
        ends.push(await end(number));
        if (ends.length % 10 === 0) say(`  ${ends.length} ends, ${asked()} asked for after them`);
      }
      const sum = (what: "servedAfter" | "served") => ends.reduce((total, one) => total + one[what], 0);
      const late = spread(ends.map(({ lateMs }) => lateMs));
      const slow = ends.filter(({ lateMs }) => lateMs >= 1_000).length;
      return {
        n: asked(),
        of: "calls after an end",
        failures: sum("servedAfter") + slow,
        line:
          `${ends.length} ends, ${INSTANCES} instances with ${POLLERS} pollers each: ${sum("servedAfter")} of ${asked()} calls after an acknowledgement were served; ` +
          `what was on its way came ${late?.p99 ?? 0} ms after it at most`,
        result: {
          ends: Object.fromEntries(KINDS.map((kind) => [kind, ends.filter((one) => one.kind === kind).length])),
          asked: asked(),
          servedAfter: sum("servedAfter"),
          servedBefore: sum("served"),
          lastServedAfterMs: late,
        },
      };
    } finally {
      await Promise.all(instances.map((instance) => instance.kill()));
      await platform.close();
    }
  },
  notTested: ["instances on several machines", "a database with replicas that lag", "Neon's driver"],
};
