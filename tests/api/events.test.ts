import { sql } from "drizzle-orm";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { database, type Tx, transaction } from "@/db/client";
import { insertEvent } from "@/db/events";
import { readFeed } from "@/lib/audit/read-feed";
import { sealBatch } from "@/lib/audit/seal-batch";
import type { KeyActor, UserActor } from "@/lib/auth/actor";
import { worker } from "@/lib/auth/actor";
import { sealing } from "@/lib/jobs/sealing";
import { revokeLink } from "@/lib/links/revoke-link";
import { useEnv } from "@/tests/auth/set-env";
import { aLink, browserOf, connectByLink } from "@/tests/connections/link-world";
import { useDatabase } from "@/tests/support/database";
import { aMerchant, connected, staff } from "@/tests/support/journey";
import { BASE_URL, platforms } from "@/tests/support/platforms";
import { aClient, problemIn } from "./clients";

useEnv({ LATCHKEY_URL: BASE_URL });
useDatabase();
const at = platforms();
const reader: KeyActor = { kind: "key", id: "key_reader", name: "reader", scopes: ["connections:read"], merchantIds: null, offers: null };
let mona: UserActor;
let id: string;

beforeAll(async () => {
  mona = await aMerchant("Nile Books");
  id = (await connected(at, mona, "square")).id;
});

/** Everything from a place on, in pieces of `limit`. */
async function readOn(from: number, limit: number): Promise<{ names: string[]; next: number }> {
  const names: string[] = [];
  for (let next = from; ; ) {
    const page = await readFeed(reader, { after: next, limit });
    names.push(...page.events.map(({ seq, facts }) => `${seq} ${facts.name}`));
    next = page.next;
    if (!page.more) return { names, next };
  }
}

describe("the feed of events", () => {
  it("each event exactly once, in one order for every reader, however transactions overlap and whoever gives places", async () => {
    await fc.assert(
      fc.asyncProperty(
        // Per writer: how many events, and after which other writer's commit it commits.
        fc.array(fc.record({ events: fc.integer({ min: 1, max: 4 }), waitsFor: fc.nat(5) }), { minLength: 3, maxLength: 6 }),
        fc.integer({ min: 1, max: 7 }),
        async (writers, limit) => {
          const { next: start } = await readFeed(reader, { after: null, limit: 1 });
          const run = crypto.randomUUID();
          const done: (() => void)[] = [];
          const committed = writers.map((_, index) => new Promise<void>((resolve) => (done[index] = resolve)));
          const written: string[] = [];
          const write = async (index: number) => {
            const { events, waitsFor } = writers[index] ?? { events: 0, waitsFor: 0 };
            const before = waitsFor % writers.length;
            await transaction(async (tx) => {
              for (let n = 0; n < events; n += 1) {
                const name = `${run} ${index} ${n}`;
                await insertEvent(tx, { kind: "merchant.created", actor: worker, facts: { name } });
                written.push(name);
              }
              // Ids that were given first are often committed last.
              if (before > index) await committed[before];
            });
            done[index]?.();
          };
          let writing = true;
          const seal = async () => {
            while (writing) await transaction((tx) => sealBatch(tx, 2));
          };
          const follow = async () => {
            const names: string[] = [];
            let next = start;
            for (let last = false; ; last = !writing) {
              const page = await readOn(next, limit);
              names.push(...page.names);
              next = page.next;
              if (last) return names;
            }
          };
          const others = [seal(), seal(), follow(), follow()] as const;
          await Promise.all(writers.map((_, index) => write(index)));
          writing = false;
          const [, , one = [], other = []] = await Promise.all(others);
          expect(one).toEqual(other);
          expect((await readOn(start, 100)).names).toEqual(one);
          expect(one.map((text) => text.slice(text.indexOf(" ") + 1)).sort()).toEqual([...written].sort());
        },
      ),
      { numRuns: 12 },
    );
  });

  it("from now on means behind everything that happened, however much of it has no place so far", async () => {
    const write = (tx: Tx) => insertEvent(tx, { kind: "merchant.created", actor: worker, facts: { name: "before" } });
    await transaction(async (tx) => {
      for (let n = 0; n < 5; n += 1) await write(tx);
    });
    const { next } = await readFeed(reader, { after: null, limit: 1 }, 2);
    expect((await readOn(next, 10)).names).toEqual([]);
    await transaction(async (tx) => {
      for (let n = 0; n < 100; n += 1) await write(tx);
    });
    // Nobody is kept waiting for it.
    const refused = expect.objectContaining({ code: "events_waiting", status: 503 });
    await expect(readFeed(reader, { after: null, limit: 1 }, 1)).rejects.toEqual(refused);
    await readFeed(reader, { after: null, limit: 1 });
  });

  it("is fresh without a worker, and a worker leaves nothing waiting", async () => {
    const waiting = async () => (await database().execute(sql`select from unsealed_events`)).rows.length;
    const { next } = await readFeed(reader, { after: null, limit: 1 });
    await transaction((tx) => insertEvent(tx, { kind: "merchant.created", actor: worker, facts: { name: "fresh" } }));
    expect(await waiting()).toBe(1);
    expect((await readOn(next, 10)).names.map((text) => text.split(" ")[1])).toEqual(["fresh"]);
    await transaction((tx) => insertEvent(tx, { kind: "merchant.created", actor: worker, facts: { name: "later" } }));
    await sealing.round({ open: at.open, stopping: () => false });
    expect(await waiting()).toBe(0);
  });
});

describe("GET /events", () => {
  it("from the beginning, from a place, or from now; ids are strings; nothing that staff wrote for staff", async () => {
    const { client } = await aClient();
    const { body: now } = await client.listEvents({ after: "now" });
    expect(now).toMatchObject({ data: [], more: false });
    await client.revokeConnection(id, { reason: "Between us", ticket: "SUP-77" });
    const { body, headers } = await client.listEvents({ after: now.next });
    expect(headers.get("cache-control")).toBe("no-store");
    expect(body.data[0]).toMatchObject({
      kind: "connection.revoke_asked",
      actor: { kind: "key", name: "orders-sync" },
      connection: id,
      merchant: mona.merchants[0]?.id,
      provider: "square",
      facts: { reach: "authorization" },
    });
    expect(typeof body.data[0]?.id).toBe("string");
    const { body: all } = await client.listEvents({ limit: 100 });
    const kinds = all.data.map(({ kind }) => kind);
    expect(kinds).toEqual(expect.arrayContaining(["attempt.started", "connection.connected"]));
    // Who has a key, and who was refused what, is their own business.
    for (const kind of kinds) expect(kind).not.toMatch(/^(key|access|person|invitation)\./);
    expect(JSON.stringify([body, all])).not.toMatch(/Between us|SUP-77|CNRY-/);
    expect(await problemIn(client.listEvents({ after: "yesterday" }))).toMatchObject({ status: 400, code: "invalid" });
  });

  it("a key that is limited to a platform is told of each try there, of its links, and of what came of them", async () => {
    const owner = await aMerchant("Luxor Lamps");
    const [merchant = ""] = owner.merchants.map((one) => one.id);
    const [{ client: all }, { client: limited }] = [await aClient(), await aClient({ offers: ["square"] })];
    const { body: start } = await all.listEvents({ after: "now" });
    const link = await aLink(merchant, { offer: "square" });
    await connectByLink(at, await browserOf(link), "square", "MLJEDDAH00002");
    const other = await aLink(merchant, { offer: "square" });
    await revokeLink(await staff("support"), other.id);
    const seen = async (by: typeof all) => (await by.listEvents({ after: start.next, limit: 100 })).body.data;
    const told = await seen(limited);
    expect(told).toEqual(await seen(all));
    expect(told.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(["attempt.answered", "attempt.exchanged", "link.opened", "link.revoked"]),
    );
    for (const { provider } of told) expect(provider).toBe("square");
  });

  it("who goes by an e-mail address goes by no name here", async () => {
    const { client } = await aClient();
    const { body: start } = await client.listEvents({ after: "now" });
    for (const actor of [{ ...mona, name: "mona@nile.example" }, mona])
      await transaction((tx) => insertEvent(tx, { kind: "connection.renamed", actor, merchantId: mona.merchants[0]?.id ?? null }));
    const { body } = await client.listEvents({ after: start.next });
    expect(body.data.map(({ actor }) => actor.name)).toEqual(["", "Nile Books"]);
  });

  it("a key reads of its own merchants and platforms alone, and its place goes on past what it may not see", async () => {
    const other = await aMerchant("Riyadh Books");
    const [riyadh = ""] = other.merchants.map((merchant) => merchant.id);
    const { client } = await aClient();
    const { body: start } = await client.listEvents({ after: "now" });
    for (let n = 0; n < 30; n += 1)
      await transaction((tx) => insertEvent(tx, { kind: "merchant.created", actor: worker, merchantId: n === 20 ? riyadh : "mer_other" }));
    await connected(at, other, "norce");
    const limited: KeyActor = { ...reader, merchantIds: [riyadh] };
    const seen: string[] = [];
    let next = Number(start.next);
    let asked = 0;
    for (let more = true; more; asked += 1) {
      // So few are looked at at once that some answers are empty.
      const page = await readFeed(limited, { after: next, limit: 5 }, 7);
      seen.push(...page.events.map((event) => event.kind));
      for (const event of page.events) expect(event.merchantId).toBe(riyadh);
      expect(page.next).toBeGreaterThanOrEqual(next);
      ({ next, more } = page);
    }
    expect(asked).toBeGreaterThan(4);
    expect(seen[0]).toBe("merchant.created");
    expect(seen).toContain("connection.connected");
    const atNorce = await aClient({ offers: ["norce"] });
    const { body } = await atNorce.client.listEvents({ after: start.next, limit: 100 });
    expect(body.data.map(({ kind }) => kind)).toContain("connection.connected");
    for (const { provider } of body.data) expect(provider).toBe("norce");
    const atNoon = await aClient({ offers: ["noon"] });
    expect((await atNoon.client.listEvents({ after: start.next })).body.data).toEqual([]);
  });
});
