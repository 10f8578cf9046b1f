import { randomBytes } from "node:crypto";
import { eq, sql } from "drizzle-orm";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { database } from "@/db/client";
import { type Connection, findConnection } from "@/db/connections";
import { newId } from "@/db/new-id";
import { connections, events } from "@/db/schema";
import type { Sealed } from "@/db/sealed";
import type { UserActor } from "@/lib/auth/actor";
import { listOwn } from "@/lib/connections/list";
import { renew } from "@/lib/connections/renew";
import { revoke } from "@/lib/connections/revoke";
import { sealIssued } from "@/lib/connections/sealed-grant";
import { search } from "@/lib/connections/search";
import { show } from "@/lib/connections/show";
import { testConnection } from "@/lib/connections/test-connection";
import { seal } from "@/lib/vault";
import { moveClock, resetClock } from "@/tests/auth/people";
import { setEnv, useEnv } from "@/tests/auth/set-env";
import { useDatabase } from "@/tests/support/database";
import { aMerchant, approve, connected, staff } from "@/tests/support/journey";
import { BASE_URL, platforms } from "@/tests/support/platforms";
import { sweep } from "@/tests/support/sweep";
import { testIo } from "@/tests/support/test-io";

useEnv({ LATCHKEY_URL: BASE_URL });
useDatabase();
afterEach(resetClock);

const at = platforms();
const { provider } = at.offers.find(({ slug }) => slug === "oauth2") ?? {};
const spare = { id: "k9", bytes: randomBytes(32) };
const refreshes = () => at.simulators.oauth2.ledger.count("token.refresh_token");
let mona: UserActor;

/** A live store with a grant of its own, due for renewal; many of them cost less than many journeys. */
async function aStore(number: number): Promise<string> {
  if (provider?.kind !== "redirect") throw new Error("no redirect provider");
  const io = testIo(at.simulators.oauth2.handle);
  const consent = { state: `state-${number}`, redirectUri: `${BASE_URL}/api/oauth/oauth2/callback` };
  const verifier = randomBytes(32).toString("base64url");
  const challenge = Buffer.from(await crypto.subtle.digest("SHA-256", Buffer.from(verifier))).toString("base64url");
  const query = await approve(at, "oauth2", await provider.authorizationUrl({ ...consent, challenge, locale: "en" }, io));
  const issued = await provider.exchange({ ...consent, query, verifier }, io);
  const owner = { id: newId("con"), merchantId: mona.merchants[0]?.id ?? "" };
  await database()
    .insert(connections)
    .values({
      ...owner,
      ...sealIssued(issued, owner, []),
      ...{ offer: "oauth2", provider: "oauth2", environment: "production", status: "active", generation: 1, connectedBy: mona.id },
      label: `store ${number}`,
      issuedAt: sql`app_now()`,
      connectedAt: sql`app_now()`,
      lastProofAt: sql`app_now()`,
      nextRefreshAt: sql`app_now() - make_interval(secs => ${1_000 - number})`,
    });
  return owner.id;
}

const row = async (id: string) => (await findConnection(database(), id)) as Connection;
const put = (id: string, values: Partial<Pick<Connection, "access" | "renewal">>) =>
  database().update(connections).set(values).where(eq(connections.id, id));

const flipped = (value: Sealed | null, part = 3) => {
  const parts = (value ?? "").split(".");
  const bytes = Buffer.from(parts[part] ?? "", "base64url");
  bytes[4] = (bytes[4] ?? 0) ^ 1;
  parts[part] = bytes.toString("base64url");
  return parts.join(".") as Sealed;
};

describe("S-40/R-17: 8 of 100 rows cannot be read", () => {
  const ids: string[] = [];
  /** What was done to some of the rows, by number. */
  const spoiled: Record<number, (own: Connection, other: Connection) => Partial<Connection>> = {
    3: ({ access, renewal }) => ({ access: flipped(access), renewal: flipped(renewal) }),
    17: ({ renewal }) => ({ renewal: flipped(renewal, 2) }),
    30: ({ access }) => ({ access: flipped(access) }),
    41: ({ renewal }) => ({ renewal: renewal?.slice(0, -6) as Sealed }),
    58: (_, other) => ({ access: other.access, renewal: other.renewal }),
    66: () => ({ renewal: "in the clear" as Sealed }),
    79: ({ renewal }) => ({ renewal: renewal?.replace("lk1.", "lk2.") as Sealed }),
  };
  const missing = 90;
  const before = new Map<string, Connection>();

  beforeAll(async () => {
    mona = await aMerchant("A hundred stores");
    for (let number = 0; number < 100; number += 1) ids.push(await aStore(number));
    for (const [number, spoil] of Object.entries(spoiled)) {
      const id = ids[Number(number)] ?? "";
      await put(id, spoil(await row(id), await row(ids[0] ?? "")));
    }
    const id = ids[missing] ?? "";
    const place = (column: string) => ({ table: "connections", column, row: id, merchant: mona.merchants[0]?.id ?? "" });
    const grant = (await row(ids[missing] ?? "")).renewal;
    expect(grant).not.toBeNull();
    const { openGrant } = await import("@/lib/connections/sealed-grant");
    const held = openGrant(await row(id));
    await put(id, {
      access: seal(held.access ?? "", place("access"), [spare]),
      renewal: seal(held.renewal ?? "", place("renewal"), [spare]),
    });
    for (const one of ids) before.set(one, await row(one));
  });

  const unreadable = () => Object.keys(spoiled).map((number) => ids[Number(number)] ?? "");

  it("S-40: the worker renews the 92 others and flags these, without a call for them", async () => {
    for (let round = 0; round < 3; round += 1) await sweep(at.open);
    expect(refreshes()).toBe(92);
    for (const id of ids) {
      const now = await row(id);
      if (id === ids[missing])
        expect(now).toMatchObject({ status: "active", trouble: "operator", troubleCode: "key_missing", generation: 1 });
      else if (unreadable().includes(id))
        expect(now).toMatchObject({ status: "reconnect", trouble: "reconnect", troubleCode: "unreadable" });
      else expect(now).toMatchObject({ status: "active", trouble: null, generation: 2 });
      expect(now.leaseId).toBeNull();
    }
  });

  it("R-17: nothing of them is overwritten, and each is told once", async () => {
    await moveClock("3 hours");
    for (let round = 0; round < 3; round += 1) await sweep(at.open);
    for (const id of [...unreadable(), ids[missing] ?? ""]) {
      const { access, renewal } = await row(id);
      expect({ access, renewal }).toEqual({ access: before.get(id)?.access, renewal: before.get(id)?.renewal });
      const told = await database().select({ kind: events.kind, facts: events.facts }).from(events).where(eq(events.connectionId, id));
      const missed = id === ids[missing];
      expect(told).toEqual([
        {
          kind: missed ? "connection.renewal_failed" : "connection.needs_reconnect",
          facts: missed ? { trouble: "operator", code: "key_missing" } : { trouble: "reconnect", code: "unreadable" },
        },
      ]);
    }
  });

  it("S-40: every list and every page shows all of them, and what is needed", async () => {
    const own = await listOwn(mona);
    expect(own.total).toBe(100);
    expect(
      own.rows
        .filter(({ state }) => state === "needs_reconnect")
        .map(({ id }) => id)
        .sort(),
    ).toEqual(unreadable().sort());
    const support = await staff("support");
    expect((await search(support, { q: "A hundred stores" })).total.n).toBe(100);
    expect((await search(support, { q: "A hundred stores", state: "needs_reconnect" })).total.n).toBe(7);
    for (const id of unreadable())
      expect((await show(mona, id)).connection).toMatchObject({ word: "needs_you", troubleCode: "unreadable" });
    const asked = at.simulators.oauth2.ledger.calls.length;
    for (const id of unreadable()) expect(await testConnection(mona, id, at.open)).toMatchObject({ kind: "failed", code: "unreadable" });
    expect(at.simulators.oauth2.ledger.calls.length).toBe(asked);
  });

  it("S-38: with the key that was missing, its row is read and renewed again", async () => {
    const keys = process.env.LATCHKEY_KEYS ?? "";
    setEnv({ LATCHKEY_KEYS: `${keys},${spare.id}:${spare.bytes.toString("base64")}` });
    const id = ids[missing] ?? "";
    expect(await renew(mona, id, at.open)).toEqual({ kind: "renewed" });
    expect(await row(id)).toMatchObject({ status: "active", trouble: null, generation: 2 });
    // What was renewed is sealed by the primary key: the spare one is not needed any more.
    setEnv({ LATCHKEY_KEYS: keys });
    expect(await testConnection(mona, id, at.open)).toMatchObject({ kind: "works" });
  });

  it("a reconnect mends such a row, and a disconnect ends it", async () => {
    const [mended = "", ended = ""] = unreadable();
    await database().update(connections).set({ accountId: "acct-riyadh" }).where(eq(connections.id, mended));
    expect((await connected(at, mona, "oauth2", "acct-riyadh", { connectionId: mended })).id).toBe(mended);
    expect(await testConnection(mona, mended, at.open)).toMatchObject({ kind: "works" });
    expect(await revoke(mona, { connectionId: ended }, at.open)).toMatchObject({ kind: "revoked" });
    expect(await row(ended)).toMatchObject({ access: null, renewal: null, revokeConfirmed: "remote" });
  });
});

describe("S-40: a kept candidate that cannot be read", () => {
  it.each([
    ["changed", (value: Sealed) => flipped(value)],
    ["sealed by a key that is missing", (value: Sealed) => value.replace(/^lk1\.\w+\./, "lk1.k9.") as Sealed],
  ])("%s: the refusal is believed, the lease is given back, the candidate stays", async (_, spoil) => {
    const id = await aStore(200 + Math.floor(Math.random() * 1_000));
    const [grant, merchant] = [newId("grant"), mona.merchants[0]?.id ?? ""];
    const renewal = spoil(seal("CNRY-renewal", { table: "grants", column: "renewal", row: grant, merchant }));
    await database().execute(sql`insert into grants (id, connection_id, merchant_id, reason, renewal, epoch)
      values (${grant}, ${id}, ${merchant}, 'candidate', ${renewal}, 7)`);
    at.faults.push({ kind: "body", match: "/token", calls: 1, status: 400, body: '{"error":"invalid_grant"}' });
    expect(await renew(mona, id, at.open)).toMatchObject({ kind: "failed", trouble: "reconnect", code: "refresh_refused" });
    expect(await row(id)).toMatchObject({ status: "reconnect", troubleCode: "refresh_refused", leaseId: null });
    expect((await database().execute(sql`select renewal from grants where id = ${grant}`)).rows).toEqual([{ renewal }]);
  });
});
