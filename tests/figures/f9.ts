import { readFileSync } from "node:fs";
import { sql } from "drizzle-orm";
import { database } from "@/db/client";
import { createKey } from "@/lib/keys/create-key";
import { asActor, makeMerchant, makePerson } from "@/tests/auth/people";
import { connect } from "./f3/connect";
import { rotatingPlatform } from "./f3/platform";
import { type Asked, load } from "./f9/load";
import { drawn, type Figure } from "./figure";
import { startInstance } from "./instances/start";

/** Calls a second, and of them those whose access must be renewed first, at a platform that takes 200 ms. */
const PER_SECOND = 3_000;
const RENEWED = 0.01;
const PLATFORM_MS = 200;
const SIZES = { gate: { seconds: 60, warmS: 5, connections: 1_000 }, night: { seconds: 600, warmS: 60, connections: 5_000 } };
const KEYS = 200;
const MOST_P99_MS = 20;

function shares(values: readonly number[]) {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => Number((sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0).toFixed(1));
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), p999: at(0.999), most: at(1) };
}

export const figure: Figure = {
  title: "Calls for access on the plain listener at a fixed rate, one in a hundred of which needs a renewal",
  mutants: { "slow-reading": "each look at a key and its connection takes 40 ms longer" },
  gate: ["external"],
  night: ["external", "embedded"],
  measure: async ({ seed, long, many, mutant, address, say }) => {
    const { warmS, ...size } = long ? SIZES.night : SIZES.gate;
    // The number that may be asked for is that of calls a second: what a machine bears differs.
    const perSecond = many ?? PER_SECOND;
    const seconds = mutant === null ? size.seconds : 10;
    const platform = await rotatingPlatform(seed);
    const merchantId = await makeMerchant("Nile Books");
    const actor = asActor((await makePerson("omar@latchkey.example", "admin")).id);
    const ids: string[] = [];
    for (let index = 0; index < size.connections; index += 1) {
      platform.latencyMs.set(`shop-${index}`, PLATFORM_MS);
      ids.push(await connect(platform, merchantId, `shop-${index}`));
    }
    const keys: string[] = [];
    for (let index = 0; index < KEYS; index += 1)
      keys.push((await createKey(actor, { name: `orders-${index}`, scopes: ["access:read"], requestsPerSecond: 1_000_000 })).token);
    const instance = await startInstance({
      member: actor,
      admin: actor,
      environment: { ...platform.environment, DATABASE_URL: address },
      mutant,
    });
    const rss = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${instance.process.pid}/status`, "utf8"))?.[1] ?? 0) / 1024;
    try {
      // Whoever asks for the others meanwhile waits for nobody's renewal.
      const [renewing, lasting] = [ids.slice(0, ids.length / 5), ids.slice(ids.length / 5)];
      const due: string[] = [];
      let [number, place] = [0, 0];
      /** Of the next second: the access of some has run out. */
      const each = (second: number) => {
        const some = Array.from({ length: Math.round(perSecond * RENEWED) }, () => renewing[place++ % renewing.length] as string);
        void database()
          .execute(sql`update connections set expires_at = app_now() where id = any(${sql.param(some)}::text[])`)
          .then(() => due.push(...some));
        if (second % 20 === 0) say(`  second ${second}`);
      };
      const next = (): Asked => {
        number += 1;
        const late = number % Math.round(1 / RENEWED) === 0 ? due.shift() : undefined;
        const id = late ?? (lasting[Math.floor(drawn(seed, number) * lasting.length)] as string);
        return { path: `/api/v1/connections/${id}/access`, token: keys[number % KEYS] as string, renewed: late !== undefined };
      };
      await load(instance.port, perSecond, mutant === null ? warmS : 2, next, each);
      const before = rss();
      const answers = await load(instance.port, perSecond, seconds, next, each);
      const after = rss();
      const errors = answers.filter(({ status }) => status !== 200).length;
      const plain = shares(answers.filter(({ renewed }) => !renewed).map(({ ms }) => ms));
      const renewed = shares(answers.filter((one) => one.renewed).map(({ ms }) => ms));
      return {
        n: answers.length,
        of: "calls",
        failures: errors + (plain.p99 > MOST_P99_MS ? 1 : 0),
        line: `${perSecond} calls a second for ${seconds} s: ${errors} errors, p99 ${plain.p99} ms, p99.9 ${plain.p999} ms; with a renewal p99 ${renewed.p99} ms`,
        result: {
          perSecond,
          seconds,
          connections: ids.length,
          keys: KEYS,
          errors,
          plainMs: plain,
          renewedMs: renewed,
          renewals: answers.filter((one) => one.renewed).length,
          rssMb: { before: Math.round(before), after: Math.round(after) },
        },
      };
    } finally {
      await instance.kill();
      await platform.close();
    }
  },
  notTested: [
    "a generator and a database on machines of their own: all three share the processors",
    "the same calls through Next's route: npm run bench measures that",
  ],
};
