import { sql } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import { database } from "@/db/client";
import { type Connection, findConnection } from "@/db/connections";
import type { UserActor } from "@/lib/auth/actor";
import type { Io } from "@/lib/providers/contract";
import { moveClock, resetClock } from "@/tests/auth/people";
import { aMerchant, connected } from "@/tests/support/journey";
import { platforms } from "@/tests/support/platforms";

type Slug = Parameters<typeof connected>[2];

/** Connected stores of simulated platforms, which the API's own way out leads to. */
export function accessWorld(livesS: Record<string, number> = { oauth2: 3_600, norce: 3_600, ultracart: 3_600 }) {
  const at = platforms({ livesS, stores: Array.from({ length: 30 }, (_, index) => `SHOP${100 + index}`) });
  const holder = globalThis as { latchkeyFetch?: Io["fetch"] | undefined };
  let serial = 0;
  const held: { owner: UserActor | null } = { owner: null };

  beforeAll(async () => {
    holder.latchkeyFetch = (url, init) => at.fetch(url, init);
    held.owner = await aMerchant("Nile Books");
  });
  afterAll(() => {
    holder.latchkeyFetch = undefined;
  });
  afterEach(async () => {
    at.faults.length = 0;
    at.skew.ms = 0;
    await resetClock();
  });

  const owner = (): UserActor => {
    if (!held.owner) throw new Error("The world has not begun");
    return held.owner;
  };

  async function row(id: string): Promise<Connection> {
    const found = await findConnection(database(), id);
    if (!found) throw new Error("The row is gone");
    return found;
  }

  return {
    at,
    owner,
    row,
    /** A store of a merchant of its own, so that it is the only one of its account. */
    store: async (slug: Slug): Promise<Connection> => {
      const connection = await connected(at, await aMerchant(`Shop ${++serial}`), slug, `SHOP${100 + serial}`);
      for (const simulator of Object.values(at.simulators)) simulator.ledger.clear();
      return connection;
    },
    /** Moves the database's clock and the platforms' alike. */
    pass: async (seconds: number): Promise<void> => {
      await moveClock(`${seconds} seconds`);
      at.skew.ms += seconds * 1000;
    },
    set: (id: string, change: ReturnType<typeof sql>) => database().execute(sql`update connections set ${change} where id = ${id}`),
    calls: () => Object.values(at.simulators).flatMap(({ ledger }) => ledger.calls),
    renewals: () => at.simulators.oauth2.ledger.count("token.refresh_token"),
  };
}

/** What the API answered with: status, code, and seconds to wait. */
export async function told(answer: Response): Promise<[number, unknown]> {
  const body = (await answer.json()) as { code?: string; generation?: number };
  if (answer.status === 429 || answer.status === 503) expect(Number(answer.headers.get("retry-after"))).toBeGreaterThanOrEqual(1);
  return [answer.status, body.code ?? body.generation];
}
