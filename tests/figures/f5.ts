import { readFileSync } from "node:fs";
import fc from "fast-check";
import { createKey } from "@/lib/keys/create-key";
import { keyScopes } from "@/lib/keys/key-scopes";
import { keyedRoutes } from "@/tests/api/asked-as";
import { documentNow } from "@/tests/api/client-now";
import { asActor, makeMerchant, makePerson } from "@/tests/auth/people";
import { unlawfulRows, unreadableValues } from "@/tests/hostile/support/lawful-rows";
import { readActions } from "@/tests/support/action-manifest";
import { type Ask, asksOf, type Who } from "./f5/asks";
import { type Sent, send } from "./f5/send";
import { vitestFuzz } from "./f5/vitest-fuzz";
import type { Figure } from "./figure";
import { standingProduct } from "./standing-product";

const GATE = 50_000;
const NIGHT = 150_000;
/** Of all inputs: what goes through the exchange and the callback's handler, the rest over HTTP to the built product. */
const IN_PROCESS = 0.3;
const AT_ONCE = 12;
const MOST_MB = 600;

/** Requests that are answered wrongly, by what is wrong. */
const mutants: Record<string, { does: string; judge: (ask: Ask, sent: Sent) => Sent }> = {
  "a-fault-in-a-thousand": {
    does: "the API breaks over a cursor that is none: one status of a thousand becomes 500",
    judge: (ask, sent) => (ask.surface === "the backends' API" && ask.path.includes("after=") ? { ...sent, status: 500 } : sent),
  },
  "a-secret-in-an-answer": {
    does: "an answer to a webhook repeats what a platform's secrets begin with",
    judge: (ask, sent) => (ask.surface === "webhooks" && sent.status === 200 ? { ...sent, canary: true } : sent),
  },
};

function rssMb(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1_024;
}

export const figure: Figure = {
  title: "Hostile inputs over every surface: crashes, unexpected 5xx, invalid rows, secrets let out",
  mutants: Object.fromEntries(Object.entries(mutants).map(([name, { does }]) => [name, does])),
  gate: ["external"],
  night: ["external"],
  measure: async ({ seed, long, many, mutant, address, say }) => {
    const total = many ?? (long ? NIGHT : mutant === null ? GATE : 5_000);
    const inProcess = mutant === null ? Math.round(total * IN_PROCESS) : 0;
    const admin = await makePerson("omar@latchkey.example", "admin");
    const member = await makePerson("mona@riyadh-shop.example", "member", await makeMerchant("Riyadh Trading"));
    const support = await makePerson("sara@latchkey.example", "support");
    const tokens: Record<Who, string | null> = { admin: admin.token, support: support.token, member: member.token, nobody: null };
    const keys: string[] = [];
    for (let n = 0; n < 40; n += 1) {
      const wish = { name: `fuzz ${n}`, scopes: [...keyScopes], merchantIds: null, offers: null, days: 30, requestsPerSecond: 1_000 };
      keys.push((await createKey(asActor(admin.id), wish)).token);
    }
    const product = await standingProduct(address);
    try {
      const routes = keyedRoutes(documentNow()).filter(({ path }) => !path.includes("/proxy"));
      const webhookKey = product.world.environment.SQUARE_WEBHOOK_KEY ?? "";
      const surfaces = Object.entries(asksOf({ url: product.url, actions: readActions(), routes, keys, webhookKey }));
      const share = Math.round((total - inProcess) / surfaces.length);
      const told: Record<string, { inputs: number; statuses: Record<string, number> }> = {};
      const wrong: string[] = [];
      const before = rssMb(product.pid);
      let most = before;
      for (const [surface, arbitrary] of surfaces) {
        const asks = fc.sample(arbitrary, { seed, numRuns: share });
        const statuses: Record<string, number> = {};
        told[surface] = { inputs: asks.length, statuses };
        const one = async () => {
          for (let ask = asks.pop(); ask && product.ended() === null; ask = asks.pop()) {
            const sent = await send(product.url, ask, tokens);
            const { status, canary, crash } = mutant === null ? sent : (mutants[mutant]?.judge(ask, sent) ?? sent);
            statuses[status] = (statuses[status] ?? 0) + 1;
            // The framework's own refusal of another site.
            const expected = status < 500 || (status === 500 && ask.foreign);
            if (crash === null && expected && !canary) continue;
            wrong.push(
              `${status} ${crash ?? (canary ? "a canary" : "")} ${ask.who} ${ask.method} ${ask.name} ${JSON.stringify(ask).slice(0, 600)}`,
            );
          }
        };
        await Promise.all(Array.from({ length: AT_ONCE }, one));
        most = Math.max(most, rssMb(product.pid));
        say(
          `  ${surface}: ${share} inputs, ${Object.entries(statuses)
            .map(([status, times]) => `${status}: ${times}`)
            .join(", ")}`,
        );
        if (product.ended() !== null) break;
      }
      const invalid = [...(await unlawfulRows()), ...(await unreadableValues())];
      const fuzzed = inProcess > 0 ? await vitestFuzz(inProcess, seed) : null;
      const groups: Record<string, number> = {};
      for (const line of wrong) groups[line.split(" {")[0] ?? ""] = (groups[line.split(" {")[0] ?? ""] ?? 0) + 1;
      for (const [line, times] of Object.entries(groups)
        .sort(([, a], [, b]) => b - a)
        .slice(0, 25))
        say(`  ${times} x ${line}`);
      for (const line of [...wrong.filter((one) => !one.includes(" app/")), ...wrong].slice(0, 6)) say(`  ${line}`);
      for (const line of invalid.slice(0, 5)) say(`  ${line}`);
      const crashes = (fuzzed?.crashes ?? 0) + (product.ended() === null ? 0 : 1);
      const sent = Object.values(told).reduce((sum, { inputs }) => sum + inputs, 0);
      const inputs = sent + (fuzzed ? fuzzed.tokens + fuzzed.callbacks : 0);
      const bad = { unexpected: wrong.length + (fuzzed?.unexpected ?? 0), invalid: invalid.length + (fuzzed?.invalid ?? 0) };
      const tooMuch = most - before > MOST_MB;
      return {
        n: inputs,
        of: "inputs",
        failures: crashes + bad.unexpected + bad.invalid + Number(tooMuch) + Number(fuzzed?.failed ?? false),
        line:
          `${inputs} hostile inputs over ${surfaces.length + (fuzzed ? 2 : 0)} surfaces: ${crashes} crashes, ${bad.unexpected} unexpected 5xx, ${bad.invalid} invalid rows; ` +
          `the process grew by ${Math.round(most - before)} MB`,
        result: {
          surfaces: {
            ...told,
            ...(fuzzed && { "token responses": { inputs: fuzzed.tokens }, "callbacks, in process": { inputs: fuzzed.callbacks } }),
          },
          crashes,
          ...bad,
          grewMb: Math.round(most - before),
          wrong: groups,
        },
      };
    } finally {
      await product.close();
    }
  },
  notTested: ["branch coverage of the parsers", "requests that are not HTTP at all", "HTTP/2, which the listener does not speak"],
};
