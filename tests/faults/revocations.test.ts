import { sql } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { database } from "@/db/client";
import type { Connection } from "@/db/connections";
import type { UserActor } from "@/lib/auth/actor";
import { importGrant } from "@/lib/connections/import-grant";
import { listOwn } from "@/lib/connections/list";
import { renew } from "@/lib/connections/renew";
import { revoke, siblingsOf } from "@/lib/connections/revoke";
import { openGrant } from "@/lib/connections/sealed-grant";
import { search } from "@/lib/connections/search";
import { show } from "@/lib/connections/show";
import { testConnection } from "@/lib/connections/test-connection";
import { useEnv } from "@/tests/auth/set-env";
import { useDatabase } from "@/tests/support/database";
import { attemptOf, connect, connected, staff } from "@/tests/support/journey";
import { BASE_URL } from "@/tests/support/platforms";
import { sweep } from "@/tests/support/sweep";
import { faultWorld, redirects } from "./steps";

useEnv({ LATCHKEY_URL: BASE_URL });
useDatabase();
const world = faultWorld();

const call = { noon: "credential/remove", ultracart: "oauth/revoke", square: "oauth2/revoke", oauth2: "/revoke" } as const;
const accountOf = (row: Connection) => row.accountId ?? "";

async function store(slug: (typeof redirects)[number] | "norce"): Promise<{ owner: UserActor; kept: Connection }> {
  const owner = await world.shop("Mona");
  return { owner, kept: await connected(world.at, owner, slug) };
}

/** Serving has stopped whatever anybody asks for, and the row still holds what the platform must be told with. */
async function stopped(owner: UserActor, kept: Connection): Promise<void> {
  const row = await world.row(kept.id);
  expect(row).toMatchObject({ status: "revoking", access: kept.access, renewal: kept.renewal });
  expect(await renew(owner, kept.id, world.at.open)).toEqual({ kind: "cannot" });
  expect(await testConnection(owner, kept.id, world.at.open)).toEqual({ kind: "cannot" });
}

/** Ended at the platform and here, told once. */
async function ended(kept: Connection, confirmed: "remote" | "local" | "sibling"): Promise<void> {
  expect(await world.row(kept.id)).toMatchObject({
    status: "revoked",
    revokeConfirmed: confirmed,
    access: null,
    renewal: null,
    accountId: kept.accountId,
  });
  expect((await world.told({ connection: kept.id })).filter((kind) => kind === "connection.revoked")).toHaveLength(1);
}

describe.each(redirects)("%s is to be told", (slug) => {
  it("V-02: 503 for six hours: not served, told as not confirmed, kept for the next try, then ended", async () => {
    const { owner, kept } = await store(slug);
    const sara = await staff("support");
    const asked: number[] = [];
    const open = world.through((fetch) => (url, init) => {
      const at = Date.now() + world.at.skew.ms;
      // A platform's description is looked for at two addresses: that is one asking.
      if (at - (asked.at(-1) ?? 0) > 10_000) asked.push(at);
      return fetch(url, init);
    });
    world.at.faults.push({ kind: "status", status: 503, headers: { "retry-after": "1200" } });
    expect((await revoke(sara, { connectionId: kept.id, reason: "left" }, open)).kind).toBe("revoking");
    for (let minutes = 0; minutes < 360; minutes += 20) {
      await world.pass(1_201);
      await sweep(open);
      if (minutes % 120 === 0) await stopped(owner, kept);
    }
    await stopped(owner, kept);
    // As often as the platform allows and at least once an hour, and nobody is told otherwise meanwhile.
    expect(asked.length).toBeGreaterThanOrEqual(6);
    for (const [index, at] of asked.slice(1).entries()) expect(at - (asked[index] ?? 0)).toBeGreaterThanOrEqual(1_200_000);
    const [found] = (await search(sara, { q: kept.id })).rows;
    expect(found).toMatchObject({
      id: kept.id,
      status: "revoking",
      troubleCode: "http_503",
      revoked: { confirmed: null, tries: asked.length },
    });
    expect((await show(owner, kept.id)).connection).toMatchObject({ status: "revoking", word: "revoked", revoked: { confirmed: null } });
    expect(await world.told({ connection: kept.id })).toContain("connection.revoke_unconfirmed");
    expect(await world.told({ connection: kept.id })).not.toContain("connection.revoked");
    world.at.faults.length = 0;
    await world.pass(3_700);
    await sweep(world.at.open);
    await ended(kept, "remote");
  });

  it("V-03: the owner had ended it at the platform already: done, and called so", async () => {
    const { owner, kept } = await store(slug);
    world.at.simulators[slug].revokeAtPlatform(accountOf(kept));
    expect((await revoke(owner, { connectionId: kept.id }, world.at.open)).kind).toBe("revoked");
    await ended(kept, "remote");
  });

  it("V-04: the platform carried it out and its answer was lost: asked again, harmlessly", async () => {
    const { owner, kept } = await store(slug);
    const before = world.calls(slug, /revoke|remove/).length;
    world.at.faults.push({ kind: "reset-after-issuing", match: call[slug], calls: 1 });
    expect((await revoke(owner, { connectionId: kept.id }, world.at.open)).kind).toBe("revoking");
    expect(world.calls(slug, /revoke|remove/)).toHaveLength(before + 1);
    await stopped(owner, kept);
    await world.pass(3_700);
    await sweep(world.at.open);
    await ended(kept, "remote");
  });
});

describe("V-03: a platform that says that it did not", () => {
  it.each([
    ["ultracart", "revokeFails", true, false],
    ["square", "revokeSuccess", false, true],
  ] as const)("V-03: %s: 200 without success is not confirmed, and told by its kind", async (slug, name, failing, mended) => {
    const { owner, kept } = await store(slug);
    const sara = await staff("support");
    Object.assign(world.at.simulators[slug].switches, { [name]: failing });
    expect((await revoke(owner, { connectionId: kept.id }, world.at.open)).kind).toBe("revoking");
    await stopped(owner, kept);
    expect((await show(sara, kept.id)).connection).toMatchObject({
      status: "revoking",
      trouble: "transient",
      troubleCode: "not_confirmed",
    });
    Object.assign(world.at.simulators[slug].switches, { [name]: mended });
    await world.pass(3_700);
    await sweep(world.at.open);
    await ended(kept, "remote");
  });
});

describe.each(["square", "ultracart"] as const)("V-05: %s ends all of an account at once", (slug) => {
  /** A merchant's store, its parked twin at another merchant, and one of the same account at a second offer of the same client. */
  async function family() {
    const { owner, kept } = await store(slug);
    const other = await world.shop("Yusuf");
    const twin = await connect(world.at, other, slug);
    expect(twin.outcome).toBe("held_elsewhere");
    const parked = await world.row(twin.resultId ?? "");
    const [offer] = world.at.offers.filter((one) => one.slug === slug);
    if (!offer) throw new Error("No such offer");
    (globalThis as { latchkeyOffers?: unknown }).latchkeyOffers = [...world.at.offers, { ...offer, slug: "second" }];
    const admin = await staff("admin");
    // Its tokens come from a consent of their own.
    const tokens = openGrant(parked);
    const renewal = JSON.parse(tokens.renewal ?? "{}") as { refreshToken?: string; refresh_token?: string };
    const submitted = await importGrant(
      admin,
      {
        offer: "second",
        merchantId: owner.merchants[0]?.id ?? "",
        values: {
          access_token: tokens.access ?? "",
          refresh_token: slug === "square" ? (renewal.refreshToken ?? "") : "",
          migration: "none",
        },
      },
      world.at.open,
    );
    if (submitted.kind !== "attempt") throw new Error(JSON.stringify(submitted));
    const second = await world.row((await attemptOf(submitted.attemptId)).resultId ?? "");
    expect(second).toMatchObject({ status: "active", accountId: kept.accountId, offer: "second" });
    return { owner, kept, other, parked, second };
  }

  it("V-05: who would end with it is listed before: the owner's own to the owner, all of them to staff", async () => {
    const { owner, kept, parked, second } = await family();
    const ids = (rows: Connection[]) => rows.map(({ id }) => id).sort();
    expect(ids(await siblingsOf(owner, kept))).toEqual([second.id]);
    expect((await show(owner, kept.id)).siblings.map(({ id }) => id)).toEqual([second.id]);
    expect(ids(await siblingsOf(await staff("support"), kept))).toEqual([parked.id, second.id].sort());
    expect((await show(owner, kept.id)).connection.revocation).toMatchObject({ endsSiblings: true });
  });

  it("V-05: afterwards each sibling was asked about, and is told as ended by the platform, not as failing", async () => {
    const { owner, kept, parked, second, other } = await family();
    expect((await revoke(owner, { connectionId: kept.id }, world.at.open)).kind).toBe("revoked");
    await ended(kept, "remote");
    await ended(second, "sibling");
    await ended(parked, "sibling");
    expect((await show(owner, second.id)).connection).toMatchObject({ word: "revoked", trouble: null, revoked: { confirmed: "sibling" } });
    const facts = await database().execute<{ facts: Record<string, string> }>(
      sql`select facts from events where connection_id = ${second.id} and kind = 'connection.revoked'`,
    );
    expect(facts.rows.map((row) => row.facts)).toEqual([{ confirmed: "sibling", with: kept.id }]);
    expect((await listOwn(other)).rows).toEqual([]);
    // They are not tried again for ever.
    for (const simulator of Object.values(world.at.simulators)) simulator.ledger.clear();
    await world.pass(8 * 86_400);
    await sweep(world.at.open);
    expect(world.sent()).toEqual([]);
  });

  it("V-05: a sibling that could not be asked about is not called ended, and its next renewal tells the truth", async () => {
    const { owner, kept, second } = await family();
    const open = world.through((fetch) => {
      let revoked = false;
      return (url, init) => {
        if (revoked) world.at.faults.push({ kind: "status", status: 503, calls: 1 });
        revoked ||= url.includes("revoke");
        return fetch(url, init);
      };
    });
    let tries = 0;
    while ((await world.row(kept.id)).status !== "revoked" && tries < 5) {
      if (tries === 0) await revoke(owner, { connectionId: kept.id }, open);
      else {
        await world.pass(3_700);
        await sweep(open);
      }
      tries += 1;
    }
    world.at.faults.length = 0;
    if ((await world.row(second.id)).status === "active")
      expect(await testConnection(owner, second.id, world.at.open)).toMatchObject({ kind: "failed", trouble: "reconnect" });
    expect((await world.row(second.id)).status).not.toBe("active");
    expect((await world.row(kept.id)).status).toBe("revoked");
  });
});

describe("V-07: nobody can be told", () => {
  it.each([
    ["norce", null],
    ["noon", "removeRefused"],
  ] as const)("V-07: %s: erased here, told as such, and the account stays on record for whoever removes it there", async (slug, name) => {
    const { owner, kept } = await store(slug);
    if (name) Object.assign(world.at.simulators[slug].switches, { [name]: true });
    const sara = await staff("support");
    expect((await revoke(sara, { connectionId: kept.id, reason: "left" }, world.at.open)).kind).toBe("revoked");
    await ended(kept, "local");
    const [event] = (
      await database().execute<{ facts: Record<string, string> }>(
        sql`select facts from events where connection_id = ${kept.id} and kind = 'connection.revoked'`,
      )
    ).rows;
    expect(event?.facts).toEqual({ confirmed: "local", account: kept.accountId });
    for (const actor of [owner, sara])
      expect((await show(actor, kept.id)).connection).toMatchObject({
        status: "revoked",
        provider: slug,
        accountId: kept.accountId,
        revoked: { confirmed: "local" },
      });
    expect(
      (await database().execute(sql`select s.id from platform_sessions s join platform_session_uses u on u.session_id = s.id`)).rows,
    ).toEqual([]);
  });
});

describe("V-09: twenty ask at once", () => {
  it.each(redirects)("V-09: %s: one call, one end, both people's reasons", async (slug) => {
    const { kept } = await store(slug);
    const [sara, omar] = [await staff("support"), await staff("admin")];
    const before = world.calls(slug, /revoke|remove/).length;
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        revoke(index % 2 ? sara : omar, { connectionId: kept.id, reason: index % 2 ? "misuse" : "left" }, world.at.open),
      ),
    );
    expect(answers.map(({ kind }) => kind).sort()).toEqual([...Array.from({ length: 19 }, () => "already"), "revoked"]);
    // One of them per token, where a platform ends tokens one by one.
    expect(world.calls(slug, /revoke|remove/).length - before).toBe(slug === "oauth2" ? 2 : 1);
    await ended(kept, "remote");
    const told = await database().execute<{ kind: string; reason: string; actor: string; many: number }>(
      sql`select kind, reason, actor_id as actor, count(*)::int as many from events
        where connection_id = ${kept.id} and kind like 'connection.revoke\\_%' group by kind, reason, actor_id`,
    );
    expect(told.rows.filter(({ kind }) => kind === "connection.revoke_asked").map(({ many }) => many)).toEqual([1]);
    expect(told.rows.reduce((sum, { many }) => sum + many, 0)).toBe(20);
    for (const [actor, reason] of [
      [sara.id, "misuse"],
      [omar.id, "left"],
    ])
      expect(told.rows.some((row) => row.actor === actor && row.reason === reason)).toBe(true);
    expect((await revoke(sara, { connectionId: kept.id, reason: "again" }, world.at.open)).kind).toBe("already");
    // It is the first one's reason that the row tells.
    const row = await world.row(kept.id);
    const asked = told.rows.find(({ kind }) => kind === "connection.revoke_asked");
    expect([row.revokedBy, row.revokeReason]).toEqual([asked?.actor, asked?.reason]);
  });
});
