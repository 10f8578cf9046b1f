import type { Standing } from "@/tests/figures/standing-product";
import type { Ask, Who } from "./ask";
import { type Sent, send } from "./send";

const AT_ONCE = 12;

/** `since` and `until`: how many lines the log had when it was sent, and when it was answered. */
type Wrong = { what: string; ask: Ask; said: string; since: number; until: number };
/** `askedAgain`: whose connection was closed under them, each by how. */
export type Fired = { statuses: Record<number, number>; wrong: Wrong[]; askedAgain: string[] };

/** What is wrong with an answer, in words that are the same for the same fault; null where nothing is. */
function faultOf(ask: Ask, { status, said, crash }: Sent): string | null {
  const about = `${ask.who} ${ask.method} ${ask.name}`;
  if (crash !== null) return `no answer (${crash}) ${about}`;
  if (said.includes("CNRY-")) return `a canary ${about}`;
  return status >= 500 ? `${status} ${about}` : null;
}

/** Sends them all, some at a time, until the product ends. */
export async function fire(product: Standing, asks: Ask[], tokens: Record<Who, string | null>, into: Fired): Promise<void> {
  const one = async () => {
    for (let ask = asks.pop(); ask && product.ended() === null; ask = asks.pop()) {
      const since = product.lines.length;
      let sent = await send(product.url, ask, tokens);
      // A connection that is closed under a request is asked anew: what breaks the product breaks that one as well.
      if (sent.crash !== null) {
        into.askedAgain.push(`${sent.crash} ${ask.who} ${ask.method} ${ask.name}`);
        sent = await send(product.url, ask, tokens);
      }
      into.statuses[sent.status] = (into.statuses[sent.status] ?? 0) + 1;
      const what = faultOf(ask, sent);
      if (what !== null) into.wrong.push({ what, ask, said: sent.said, since, until: product.lines.length });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
}

/** What the log says of it: the lines whose reference the answer names, or all that warn of something meanwhile. */
export function loggedOf(lines: readonly string[], { said, since, until }: Wrong): readonly string[] {
  // A line may come by its own way later than the answer.
  const meanwhile = lines.slice(since, until + 20).filter((line) => !line.includes('"level":"info"'));
  const named = meanwhile.filter((line) => said.includes(/"ref":"(\w+)"/.exec(line)?.[1] ?? "no reference"));
  return named.length > 0 ? named : meanwhile;
}
