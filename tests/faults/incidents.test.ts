import { sql } from "drizzle-orm";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { database } from "@/db/client";
import { findConnection } from "@/db/connections";
import { openIncidents as findOpen } from "@/db/incidents";
import { catalogueEntry } from "@/lib/connections/catalogue";
import { exchange } from "@/lib/connections/exchange";
import { openIncidents } from "@/lib/connections/open-incidents";
import { receiveAnswer } from "@/lib/connections/receive-answer";
import { renew } from "@/lib/connections/renew";
import { revoke } from "@/lib/connections/revoke";
import { testConnection } from "@/lib/connections/test-connection";
import { moveClock, resetClock } from "@/tests/auth/people";
import { useEnv } from "@/tests/auth/set-env";
import { useDatabase } from "@/tests/support/database";
import { empty } from "@/tests/support/empty";
import { aMerchant, approve, attemptOf, connected, type RedirectSlug, staff, start } from "@/tests/support/journey";
import { BASE_URL, platforms } from "@/tests/support/platforms";
import { sweep } from "@/tests/support/sweep";

useEnv({ LATCHKEY_URL: BASE_URL });
useDatabase();

const STORES = Array.from({ length: 12 }, (_, index) => `store-${index}`);
let at = platforms({ stores: STORES });
let serial = 0;
const shop = () => aMerchant(`Shop ${++serial}`);
/** Calls that need our client: neither consent pages nor metadata. */
const calls = (slug: keyof typeof at.simulators) =>
  at.simulators[slug].ledger.calls.filter(({ name }) => /token|revoke|introspect/.test(name)).length;
const row = async (id: string) => {
  const found = await findConnection(database(), id);
  if (!found) throw new Error("The row is gone");
  return found;
};
/** Makes these renewals due, as time would. */
const due = (ids: readonly string[]) => database().execute(sql`update connections set next_refresh_at = app_now() where id in ${ids}`);
const kinds = async () =>
  (await database().execute<{ kind: string }>(sql`select kind from events where kind like 'incident.%' order by id`)).rows.map(
    ({ kind }) => kind,
  );

beforeEach(async () => {
  at = platforms({ stores: STORES });
  await empty("connections", "attempts", "gates", "platform_sessions", "incidents", "events");
});
afterEach(resetClock);

/** Everything up to the callback; the exchange is the test's. */
async function answered(slug: RedirectSlug, store?: string) {
  const actor = await shop();
  const begun = await start(at, actor, slug);
  await receiveAnswer(slug, await approve(at, slug, begun.url, store), begun.cookie, actor);
  return { actor, id: begun.attemptId };
}

async function stores(slug: RedirectSlug, count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let index = 0; index < count; index += 1) ids.push((await connected(at, await shop(), slug, STORES[index])).id);
  return ids;
}

/** The platform knows another secret than we do, and later ours again. */
function wrongSecret(slug: "oauth2" | "square"): () => void {
  if (slug === "oauth2") {
    const { client } = at.simulators.oauth2;
    const before = client.secret;
    at.simulators.oauth2.rotateClientSecret();
    return () => {
      client.secret = before;
    };
  }
  const app = at.simulators.square.state.apps.production;
  const before = app.secret;
  app.secret = `${before}-other`;
  return () => {
    app.secret = before;
  };
}

describe.each(["square", "oauth2"] as const)("X-23: our client secret is wrong at %s", (slug) => {
  it("X-23: one call opens one incident; whatever else is asked for is not sent, and nobody is demoted", async () => {
    const ids = await stores(slug, 12);
    const other = await connected(at, await shop(), "ultracart");
    wrongSecret(slug);
    const before = calls(slug);
    const admin = await staff("admin");
    for (const id of ids) expect((await renew(admin, id, at.open)).kind).toBe("failed");
    expect(calls(slug) - before).toBe(1);
    await due(ids);
    for (let round = 0; round < 5; round += 1) await sweep(at.open);
    expect(calls(slug) - before).toBe(1);
    expect(await findOpen(database())).toHaveLength(1);
    expect(await kinds()).toEqual(["incident.opened"]);
    for (const id of ids) expect(await row(id)).toMatchObject({ status: "active", sentAt: null });
    // A neighbour goes on.
    expect((await renew(admin, other.id, at.open)).kind).toBe("renewed");
  });

  it("X-23: a merchant on the way back is told that it is our fault, and the code is not sent", async () => {
    const [first] = await stores(slug, 1);
    const { actor, id } = await answered(slug);
    const mend = wrongSecret(slug);
    expect((await renew(await staff("admin"), String(first), at.open)).kind).toBe("failed");
    const before = calls(slug);
    await exchange(actor, id, at.open);
    expect(await attemptOf(id)).toMatchObject({ outcome: "our_fault", troubleCode: "paused", answer: null, verifier: null });
    expect(calls(slug)).toBe(before);
    // Nobody is sent there in vain meanwhile.
    await expect(start(at, actor, slug)).rejects.toMatchObject({ code: "platform_paused", status: 503 });
    expect((await catalogueEntry(actor, slug)).paused).toBe(true);
    mend();
    await moveClock("61 seconds");
    expect((await catalogueEntry(actor, slug)).paused).toBe(false);
    const again = await answered(slug, STORES[5]);
    await exchange(again.actor, again.id, at.open);
    expect((await attemptOf(again.id)).outcome).toBe("connected");
    expect(await kinds()).toEqual(["incident.opened", "incident.closed"]);
  });

  it("X-23: one probe at a time, ever more rarely; when the secret is mended the first probe closes it and all renew", async () => {
    const ids = await stores(slug, 8);
    const mend = wrongSecret(slug);
    await due(ids);
    const before = calls(slug);
    await sweep(at.open);
    for (let minute = 0; minute < 30; minute += 1) {
      await moveClock("1 minute");
      await sweep(at.open);
    }
    // At most the sweep's four lanes at first, then after 1, 2, 3, 4, 5, 5, 5 … minutes.
    expect(calls(slug) - before).toBeGreaterThanOrEqual(7);
    expect(calls(slug) - before).toBeLessThanOrEqual(13);
    mend();
    for (let minute = 0; minute < 6; minute += 1) {
      await moveClock("1 minute");
      await sweep(at.open);
    }
    expect(await findOpen(database())).toEqual([]);
    expect(await kinds()).toEqual(["incident.opened", "incident.closed"]);
    await moveClock("1 hour");
    await sweep(at.open);
    for (const id of ids) expect(await row(id)).toMatchObject({ status: "active", failures: 0, trouble: null });
  });

  it("X-23: a revocation is not told meanwhile, stays visible, and is told as soon as the client works again", async () => {
    const [id = "", other = ""] = await stores(slug, 2);
    const mend = wrongSecret(slug);
    const support = await staff("support");
    await renew(support, other, at.open);
    const before = calls(slug);
    await revoke(support, { connectionId: id, reason: "Asked for by the owner" }, at.open);
    expect(await row(id)).toMatchObject({ status: "revoking" });
    expect(calls(slug)).toBe(before);
    mend();
    for (let minute = 0; minute < 5; minute += 1) {
      await moveClock("5 minutes");
      await sweep(at.open);
    }
    expect(await row(id)).toMatchObject({ status: "revoked", revokeConfirmed: "remote", access: null, renewal: null });
  });
});

it("tells staff which platform refuses us, and no merchant", async () => {
  const [id = ""] = await stores("square", 1);
  wrongSecret("square");
  const admin = await staff("admin");
  await testConnection(admin, id, at.open);
  await renew(admin, id, at.open);
  expect(await openIncidents(admin)).toMatchObject([{ provider: "square", code: "invalid_client" }]);
  await expect(openIncidents(await shop())).rejects.toMatchObject({ status: 403 });
});
