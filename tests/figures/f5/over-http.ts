import { resolve } from "node:path";
import fc from "fast-check";
import { keyedRoutes } from "@/tests/api/asked-as";
import { documentNow } from "@/tests/api/client-now";
import { standingProduct } from "@/tests/figures/standing-product";
import { unlawfulRows, unreadableValues } from "@/tests/hostile/support/lawful-rows";
import { readActions } from "@/tests/support/action-manifest";
import { asksOf } from "./asks";
import { type Fired, fire, loggedOf } from "./fire";
import { heldMb } from "./held";
import { stand } from "./stand";

/** Next's way to log what nobody caught: without it, the process would end. */
const UNCAUGHT = /uncaughtException|unhandledRejection/;
/** How often is looked what the product holds, while one surface is asked. */
const LOOKS = 10;

export type Over = {
  fired: Record<string, Fired>;
  /** Ends of the process, and what would have ended it had the framework not caught it last. */
  crashes: number;
  /** Lines of the log with a secret. */
  told: string[];
  invalid: string[];
  /** What the product held, in MB, after each tenth of each surface. */
  held: Record<string, number[]>;
};

type Options = {
  total: number;
  seed: number;
  address: string;
  /** Another build than the one that is here, and the one surface of it that is asked. */
  wrong: { folder: string; surface: string } | null;
  say: (line: string) => void;
};

/** Over HTTP, to the built product. */
export async function overHttp({ total, seed, address, wrong, say }: Options): Promise<Over> {
  const { tokens, keys, known } = await stand();
  const product = await standingProduct(address, { folder: wrong?.folder, before: resolve("tests/figures/f5/tell-held.mjs") });
  const over: Over = { fired: {}, crashes: 0, told: [], invalid: [], held: {} };
  try {
    const routes = keyedRoutes(documentNow()).filter(({ path }) => !path.includes("/proxy"));
    const webhookKey = product.world.environment.SQUARE_WEBHOOK_KEY ?? "";
    const all = Object.entries(asksOf({ url: product.url, actions: readActions(), routes, keys, webhookKey, known }));
    const surfaces = all.filter(([name]) => wrong === null || name === wrong.surface);
    for (const [surface, ask] of surfaces) {
      const asks = fc.sample(ask, { seed, numRuns: Math.ceil(total / surfaces.length) });
      const each = Math.ceil(asks.length / LOOKS);
      const fired: Fired = { statuses: {}, wrong: [], askedAgain: [] };
      const looks: number[] = [];
      over.fired[surface] = fired;
      over.held[surface] = looks;
      while (asks.length > 0 && over.crashes === 0) {
        await fire(product, asks.splice(0, each), tokens, fired);
        const held = await heldMb(product);
        if (held === null) over.crashes = 1;
        else looks.push(Math.round(held * 10) / 10);
      }
      const statuses = Object.entries(fired.statuses).map(([status, times]) => `${times} x ${status}`);
      say(`  ${surface}: ${statuses.join(", ")}; ${fired.wrong.length} wrong; held ${looks.join(" ")} MB`);
      for (const one of fired.wrong.slice(0, 5)) {
        say(`    ${one.what}\n      sent: ${JSON.stringify(one.ask).slice(0, 1_000)}`);
        for (const line of loggedOf(product.lines, one).slice(0, 5)) say(`      log: ${line.slice(0, 1_000)}`);
      }
      if (over.crashes === 0) continue;
      say(`    ended by ${product.ended() ?? "nothing, and does not answer"}\n${product.lines.slice(-20).join("\n")}`);
      break;
    }
    const uncaught = product.lines.filter((line) => UNCAUGHT.test(line));
    over.crashes += uncaught.length;
    for (const line of uncaught.slice(0, 5)) say(`  ${line}`);
    over.told = product.lines.filter((line) => line.includes("CNRY-"));
    over.invalid = [...(await unlawfulRows()), ...(await unreadableValues())];
    for (const line of over.invalid.slice(0, 5)) say(`  ${line}`);
    return over;
  } finally {
    await product.close();
  }
}
