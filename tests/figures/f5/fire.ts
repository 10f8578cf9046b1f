import { readFileSync } from "node:fs";
import type { Standing } from "@/tests/figures/standing-product";
import type { Ask, Who } from "./ask";
import { send } from "./send";

const AT_ONCE = 12;

export type Fired = { statuses: Record<number, number>; wrong: { what: string; ask: Ask }[] };

/** What is wrong with an answer, in words that are the same for the same fault; null where nothing is. */
function faultOf(ask: Ask, { status, canary, crash }: Awaited<ReturnType<typeof send>>): string | null {
  const about = `${ask.who} ${ask.method} ${ask.name}`;
  if (crash !== null) return `no answer (${crash}) ${about}`;
  if (canary) return `a canary ${about}`;
  return status >= 500 ? `${status} ${about}` : null;
}

/** Sends them all, some at a time, until the product ends. */
export async function fire(product: Standing, asks: Ask[], tokens: Record<Who, string | null>): Promise<Fired> {
  const fired: Fired = { statuses: {}, wrong: [] };
  const one = async () => {
    for (let ask = asks.pop(); ask && product.ended() === null; ask = asks.pop()) {
      const sent = await send(product.url, ask, tokens);
      fired.statuses[sent.status] = (fired.statuses[sent.status] ?? 0) + 1;
      const what = faultOf(ask, sent);
      if (what !== null) fired.wrong.push({ what, ask });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
  return fired;
}

export const rssMb = (pid: number): number => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1_024;
