import { sql } from "drizzle-orm";
import { beforeAll, describe, expect, it } from "vitest";
import { database } from "@/db/client";
import { countWaiting, dueByOffer, sumTallies } from "@/db/standing";
import { makeMerchant } from "@/tests/auth/people";
import { useDatabase } from "@/tests/support/database";
import { type Step, stepsOf } from "@/tests/support/steps-of";

useDatabase();

const MANY = 30_000;
const DUE = 40;

beforeAll(async () => {
  const merchantId = await makeMerchant();
  // What they are found by is no matter here, and is written row by row.
  await database().execute(sql`alter table connections disable trigger connections_text_insert`);
  // Every offer has renewals that are due; nearly all are not, and those of connections that have ended do not count.
  await database().execute(sql`
    insert into connections (id, merchant_id, offer, provider, environment, status, next_refresh_at, state, state_changes_at)
    select 'con_' || n, ${merchantId}, 'offer-' || n % 3, 'x', 'production', case when n % 1000 = 7 then 'revoked' else 'active' end,
      app_now() + make_interval(secs => case when n <= ${DUE} then -n else n end), 'healthy', null
    from generate_series(1, ${MANY}) as n`);
  await database().execute(sql`analyze connections`);
});

const rowsRead = (steps: readonly Step[]) =>
  steps
    .filter((step) => step["Relation Name"] === "connections" || /Index/.test(step["Node Type"]))
    .reduce((sum, step) => sum + step["Actual Rows"] * step["Actual Loops"], 0);

describe("what is due", () => {
  it("is counted by offer, with the time that the oldest has been, and not where nothing is", async () => {
    const found = await dueByOffer(database(), ["offer-0", "offer-1", "offer-9"], 1_000);
    expect(found.map(({ offer, n }) => [offer, n])).toEqual([
      ["offer-0", 13],
      ["offer-1", 13],
      ["offer-9", 0],
    ]);
    expect(found[0]?.oldestS).toBeGreaterThanOrEqual(39);
    expect(found[0]?.oldestS).toBeLessThan(600);
    expect(found[2]?.oldestS).toBeNull();
  });

  it("is counted up to a limit, from the one due the longest", async () => {
    const [few] = await dueByOffer(database(), ["offer-0"], 5);
    expect(few?.n).toBe(5);
    expect(few?.oldestS).toBeGreaterThanOrEqual(39);
  });

  it("is read by index: no more rows than there are due, however many connections there are", async () => {
    const steps = await stepsOf((db) => dueByOffer(db, ["offer-0", "offer-1", "offer-2"], 1_000));
    expect(steps.map((step) => step["Node Type"])).not.toContain("Seq Scan");
    expect(rowsRead(steps)).toBeGreaterThanOrEqual(DUE - 1);
    expect(rowsRead(steps)).toBeLessThanOrEqual(DUE);
  });
});

describe("what waits", () => {
  it("is counted up to a limit, by index", async () => {
    await database().execute(sql`update connections set state_changes_at = 'epoch' where id in ('con_1', 'con_2', 'con_3')`);
    expect(await countWaiting(database(), 100)).toEqual({ states: 3, notices: 0, deliveries: 0 });
    expect((await countWaiting(database(), 2)).states).toBe(2);
    const steps = await stepsOf((db) => countWaiting(db, 100));
    expect(steps.filter((step) => step["Relation Name"] === "connections" && step["Node Type"] === "Seq Scan")).toEqual([]);
    expect(rowsRead(steps)).toBeLessThanOrEqual(6);
  });
});

it("tallies add up to the rows that have a state", async () => expect([...(await sumTallies(database()))]).toEqual([["healthy", MANY]]));
