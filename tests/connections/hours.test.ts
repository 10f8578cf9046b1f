import { sql } from "drizzle-orm";
import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { database, transaction } from "@/db/client";
import type { Renews } from "@/db/health-tables";
import { addUpHours, forgetEmptyHours, type HourKind, sumHours } from "@/db/hours";
import { makeMerchant } from "@/tests/auth/people";
import { useDatabase } from "@/tests/support/database";
import { empty } from "@/tests/support/empty";
import { stepsOf } from "@/tests/support/steps-of";

useDatabase();
let merchantId = "";
beforeEach(async () => {
  // As it is truncated, all that was counted of it goes as well.
  await database().execute(sql`truncate connections cascade`);
  merchantId = await makeMerchant(`Shop ${crypto.randomUUID()}`);
});

const FIRST = Date.UTC(2026, 11, 1);
const HOUR = 3_600_000;
const bounds = Array.from({ length: 25 }, (_, hour) => new Date(FIRST + hour * HOUR));
const kinds: readonly HourKind[] = ["runs_out", "due"];

/** The same by looking at every row. */
async function counted(kind: HourKind): Promise<Map<string, number>> {
  const [column, live] =
    kind === "due" ? [sql`next_refresh_at`, sql`status = 'active'`] : [sql`expires_at`, sql`status in ('active', 'reconnect')`];
  const found = await database().execute<{ part: number; offer: string; renews: Renews; n: number }>(sql`
    select floor(extract(epoch from ${column} - ${new Date(FIRST).toISOString()}::timestamptz) / 3600)::int as part, offer,
      case when status = 'reconnect' then 'refused' when next_refresh_at is null then 'unplanned' else 'planned' end as renews, count(*)::int as n
    from connections where ${column} is not null and ${live} group by 1, 2, 3`);
  return new Map(found.rows.filter(({ part }) => part >= 0 && part < 24).map((row) => [`${row.part} ${row.offer} ${row.renews}`, row.n]));
}

async function tallied(kind: HourKind): Promise<Map<string, number>> {
  return new Map((await sumHours(database(), kind, bounds)).map((row) => [`${row.part} ${row.offer} ${row.renews}`, row.n]));
}

async function agree(): Promise<void> {
  for (const kind of kinds) expect(await tallied(kind), kind).toEqual(await counted(kind));
}

const insert = (id: string, offer: string, minute: number) => sql`
  insert into connections (id, merchant_id, offer, provider, environment, status, expires_at, next_refresh_at)
  values (${id}, ${merchantId}, ${offer}, ${offer}, 'production', 'active', ${at(minute)}, ${at(minute - 50)}) on conflict do nothing`;
const at = (minute: number) => sql`${new Date(FIRST + minute * 60_000).toISOString()}::timestamptz`;

/** What may become of a row; `minute` is drawn from a day and a little more on both sides. */
const changes: ((id: string, minute: number) => ReturnType<typeof sql>)[] = [
  (id, minute) => insert(id, minute % 2 ? "square" : "norce", minute),
  (id, minute) =>
    sql`update connections set expires_at = ${at(minute)}, next_refresh_at = ${at(minute - 30)}, status = 'active' where id = ${id}`,
  (id) => sql`update connections set next_refresh_at = null where id = ${id}`,
  (id) => sql`update connections set status = 'reconnect', next_refresh_at = app_now() where id = ${id}`,
  (id) => sql`update connections set status = 'revoked', expires_at = null, next_refresh_at = null where id = ${id}`,
  (id, minute) => sql`update connections set expires_at = null, next_refresh_at = ${at(minute)} where id = ${id}`,
  (id) => sql`update connections set label = 'Renamed', failures = failures + 1 where id = ${id}`,
  (id) => sql`update connections set status = 'revoking' where id = ${id}`,
  (id) => sql`delete from connections where id = ${id}`,
];

describe("hours", () => {
  it("are the truth whatever was done, before and after they were added up", async () => {
    const step = fc.tuple(fc.nat(7), fc.nat(changes.length), fc.integer({ min: -90, max: 1_530 }));
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 30 }), async (steps) => {
        await empty("connections");
        for (const [n, what, minute] of steps) {
          const change = changes[what];
          if (change) await database().execute(change(`con_${n}`, minute));
          else await addUpHours(database());
        }
        await agree();
        await addUpHours(database());
        await forgetEmptyHours(database());
        await agree();
      }),
      { numRuns: 12, seed: 20261129 },
    );
  });

  it("lose nothing where several change, add up and take back at once", async () => {
    for (let n = 0; n < 12; n += 1) await database().execute(insert(`con_${n}`, "square", n * 60));
    const busy = Array.from({ length: 4 }, async (_, worker) => {
      for (let turn = 0; turn < 15; turn += 1) {
        const id = `con_${(turn * 5 + worker * 3) % 12}`;
        const change = changes[(turn + worker) % changes.length];
        if (turn % 4 === worker) await addUpHours(database());
        else if (turn % 4 === 3) await forgetEmptyHours(database());
        else if (turn % 5 === 4)
          await transaction(async (tx) => {
            await tx.execute(sql`update connections set expires_at = ${at(turn * 90)} where id = ${id}`);
            tx.rollback();
          }).catch(() => undefined);
        else if (change) await database().execute(change(id, turn * 100));
      }
    });
    await Promise.all(busy);
    await agree();
    await addUpHours(database());
    await agree();
    expect((await database().execute(sql`select from hour_changes`)).rows).toHaveLength(0);
  });

  it("are read without a look at connections", async () => {
    await database().execute(sql`
      insert into hour_tallies (kind, hour, offer, renews, n)
      select 'due', hour_of(${at(0)}) + n * interval '1 hour', 'square', 'planned', 7 from generate_series(-5000, 5000) n`);
    await database().execute(sql`analyze hour_tallies`);
    const steps = await stepsOf((db) => sumHours(db, "due", bounds));
    const read = steps.filter((step) => step["Relation Name"] || step["Index Name"]);
    expect(read.map((step) => step["Relation Name"])).not.toContain("connections");
    const index = read.filter((step) => step["Index Name"] === "hour_tallies_kind_hour_offer_renews_pk");
    expect(index.map((step) => step["Actual Rows"])).toEqual([24]);
  });
});
