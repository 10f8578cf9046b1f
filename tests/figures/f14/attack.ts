import { request } from "node:http";
import { sql } from "drizzle-orm";
import { database } from "@/db/client";
import { connectedAt } from "@/tests/figures/f3/connect";
import type { Hostile } from "./hostile";

/** Of the kinds that hold a call, so many at once from the start, by callers and by the background alike; of the others one a second. */
const HELD = 2;

/** What a caller at a hostile platform was told, and after how long. */
export type Told = { status: number; ms: number };

function ask(port: number, id: string, token: string): Promise<Told> {
  const began = performance.now();
  return new Promise((resolve) => {
    const told = (status: number) => resolve({ status, ms: performance.now() - began });
    const headers = { authorization: `Bearer ${token}` };
    request({ host: "127.0.0.1", port, path: `/api/v1/connections/${id}/access`, headers, agent: false }, (answer) => {
      answer.resume().once("end", () => told(answer.statusCode ?? 0));
    })
      .once("error", () => told(0))
      .end();
  });
}

async function run(ids: readonly string[], next: ReturnType<typeof sql>): Promise<void> {
  // Issued long ago: access that is over as soon as it comes is not asked for anew at once.
  await database().execute(
    sql`update connections set issued_at = app_now() - interval '1 hour', expires_at = app_now(), next_refresh_at = ${next}
      where id = any(${sql.param(ids)}::text[])`,
  );
}

/** Connections at all kinds of hostile platform for one window of so many seconds; none of them is called before its turn. */
export async function prepare({ offers }: Hostile, merchantId: string, seconds: number, window: number) {
  let number = 0;
  const connect = async (slug: string) => {
    const account = `${slug}-${window}-${number++}`;
    return connectedAt(slug, merchantId, account, { access: `CNRY-access-${account}`, refreshToken: `CNRY-refresh-${account}` });
  };
  const many = async (slugs: readonly string[]) => {
    const ids: string[] = [];
    for (const slug of slugs) ids.push(await connect(slug));
    return ids;
  };
  const times = (slugs: readonly string[]) => slugs.flatMap((slug) => Array<string>(HELD).fill(slug));
  const slow = offers.filter((offer) => offer.slow).map(({ slug }) => slug);
  const quick = offers.filter((offer) => !offer.slow).map(({ slug }) => slug);
  const worked = await many(times([...slow, ...quick]));
  const atFirst = await many(times(slow));
  const each: string[][] = [];
  for (let second = 0; second < seconds; second += 1) each.push(await many(quick));
  const asked = [...atFirst, ...each.flat()];
  await run(asked, sql`null`);
  return {
    connections: worked.length + asked.length,
    /** Of this second. */
    begin: (second: number, port: number, token: string): Promise<Told>[] => {
      if (second === 0) void run(worked, sql`app_now()`);
      const now = [...(second === 0 ? atFirst : []), ...(each[second] ?? [])];
      return now.map((id) => ask(port, id, token));
    },
    /** Nobody tries them again later, when it should be quiet. */
    end: () => run([...worked, ...asked], sql`null`),
  };
}
