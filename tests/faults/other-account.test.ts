import { describe, expect, it } from "vitest";
import type { Connection } from "@/db/connections";
import type { UserActor } from "@/lib/auth/actor";
import { chooseAccount } from "@/lib/connections/choose-account";
import { renew } from "@/lib/connections/renew";
import { revoke } from "@/lib/connections/revoke";
import { openGrant } from "@/lib/connections/sealed-grant";
import { showAttempt } from "@/lib/connections/show-attempt";
import { testConnection } from "@/lib/connections/test-connection";
import { useEnv } from "@/tests/auth/set-env";
import { useDatabase } from "@/tests/support/database";
import { attemptOf, connect, connected, type RedirectSlug, staff } from "@/tests/support/journey";
import { BASE_URL } from "@/tests/support/platforms";
import { sweep } from "@/tests/support/sweep";
import { faultWorld, redirects, stores } from "./steps";

useEnv({ LATCHKEY_URL: BASE_URL });
useDatabase();
const world = faultWorld();

/** A reconnect that came back as another store of the platform. */
async function wrongStore(slug: RedirectSlug, actor?: UserActor) {
  const [riyadh, jeddah] = stores[slug];
  const owner = actor ?? (await world.shop("Mona"));
  const kept = await connected(world.at, owner, slug, riyadh);
  const attempt = await connect(world.at, owner, slug, jeddah, { connectionId: kept.id });
  expect(attempt.outcome).toBe("different_account");
  return { owner, kept, attempt, parked: await world.row(attempt.resultId ?? "") };
}

const works = async (actor: UserActor, row: Connection) => (await testConnection(actor, row.id, world.at.open)).kind === "works";

/** Whether the platform itself still takes what the row held. */
async function takenAtPlatform(row: Connection): Promise<boolean> {
  const provider = world.at.providers[row.offer as RedirectSlug];
  const io = await world.at.open(
    { slug: row.offer, name: null, provider, fingerprint: "" },
    { merchantId: row.merchantId, connectionId: null },
  );
  return provider
    .refresh(openGrant(row), io)
    .then((issued) => provider.inspect({ ...openGrant(row), ...issued, scopes: issued.scopes ?? row.scopes }, io))
    .then(
      () => true,
      () => false,
    );
}

describe.each(redirects)("C-10: %s: another account comes back", (slug) => {
  it("C-10: both are kept: the new one parked and named, the old one served, nothing given back yet", async () => {
    const { owner, kept, attempt, parked } = await wrongStore(slug);
    await world.same(kept);
    expect(parked).toMatchObject({ status: "pending", accountId: stores[slug][1], troubleCode: "different_account", connectedAt: null });
    expect(openGrant(parked).renewal).not.toBeNull();
    const told = await showAttempt(owner, attempt.id);
    expect(told).toMatchObject({ outcome: "different_account", store: { id: kept.id } });
    expect(told.other).not.toBeNull();
    expect(told.other).not.toBe(told.store?.name);
    await sweep(world.at.open);
    expect(world.calls(slug, /revoke|remove/)).toEqual([]);
    expect(await works(owner, kept)).toBe(true);
    expect((await renew(owner, kept.id, world.at.open)).kind).toBe("renewed");
    expect(await takenAtPlatform(parked)).toBe(true);
  });

  it("C-10: keep: the parked grant is dead at the platform and erased here, the old one is served on", async () => {
    const { owner, kept, attempt, parked } = await wrongStore(slug);
    await chooseAccount(owner, { attemptId: attempt.id, choice: "keep" }, world.at.open);
    expect(await attemptOf(attempt.id)).toMatchObject({ outcome: "abandoned", resultId: null });
    expect(await world.row(parked.id)).toMatchObject({ status: "revoked", access: null, renewal: null, revokeConfirmed: "remote" });
    expect(await takenAtPlatform(parked)).toBe(false);
    await world.same(kept);
    expect(await works(owner, kept)).toBe(true);
    expect((await renew(owner, kept.id, world.at.open)).kind).toBe("renewed");
    await expect(chooseAccount(owner, { attemptId: attempt.id, choice: "add" }, world.at.open)).rejects.toMatchObject({ status: 409 });
  });

  it("C-10: add: what was parked becomes a store of its own, by the very tokens that were parked", async () => {
    const { owner, kept, attempt, parked } = await wrongStore(slug);
    await chooseAccount(owner, { attemptId: attempt.id, choice: "add" }, world.at.open);
    expect(await attemptOf(attempt.id)).toMatchObject({ outcome: "connected", resultId: parked.id });
    const added = await world.row(parked.id);
    expect(added).toMatchObject({ status: "active", accountId: stores[slug][1] });
    expect(openGrant(added).renewal).toBe(openGrant(parked).renewal);
    await world.same(kept);
    for (const row of [kept, added]) expect(await works(owner, row)).toBe(true);
  });

  it("C-10: nobody decides: given back after a day, the old one untouched by it", async () => {
    const { owner, kept, attempt, parked } = await wrongStore(slug);
    await world.pass(86_000);
    await sweep(world.at.open);
    expect((await attemptOf(attempt.id)).outcome).toBe("different_account");
    await world.pass(1_000);
    await sweep(world.at.open);
    expect((await attemptOf(attempt.id)).outcome).toBe("abandoned");
    expect(await world.row(parked.id)).toMatchObject({ status: "revoked", access: null, renewal: null });
    expect(await works(owner, kept)).toBe(true);
  });
});

describe("C-10: what a cancelled account change ends at Square", () => {
  const refreshTokens = (seller: string) =>
    Object.values(world.at.simulators.square.state.refresh).filter((token) => token.merchant === seller);

  /** The bodies of the revocations that were sent. */
  function watched() {
    const bodies: Record<string, unknown>[] = [];
    const open = world.through((fetch) => (url, init) => {
      if (url.endsWith("/oauth2/revoke")) bodies.push(JSON.parse(String(init?.body)) as Record<string, unknown>);
      return fetch(url, init);
    });
    return { bodies, open };
  }

  it("C-10: the seller has no other connection here: the whole authorization", async () => {
    const { owner, attempt } = await wrongStore("square");
    const { bodies, open } = watched();
    await chooseAccount(owner, { attemptId: attempt.id, choice: "keep" }, open);
    expect(bodies).toHaveLength(1);
    expect(bodies[0]).not.toHaveProperty("revoke_only_access_token");
    expect(refreshTokens("MLJEDDAH00002").every(({ dead }) => dead)).toBe(true);
    expect(refreshTokens("MLRIYADH00001").some(({ dead }) => dead)).toBe(false);
  });

  it("C-10: the seller has another connection here: this access token only", async () => {
    const mona = await world.shop("Mona");
    const other = await connected(world.at, mona, "square", "MLJEDDAH00002");
    const { owner, attempt, parked } = await wrongStore("square", mona);
    const { bodies, open } = watched();
    await chooseAccount(owner, { attemptId: attempt.id, choice: "keep" }, open);
    expect(bodies).toEqual([expect.objectContaining({ revoke_only_access_token: true })]);
    expect(refreshTokens("MLJEDDAH00002").some(({ dead }) => dead)).toBe(false);
    expect(await world.row(parked.id)).toMatchObject({ status: "revoked", revokeConfirmed: "remote" });
    await world.untouched(other, mona);
  });

  it("C-10: another merchant's connection is as safe when support lets a parked grant of its seller go", async () => {
    const yusuf = await world.shop("Yusuf");
    const other = await connected(world.at, yusuf, "square", "MLJEDDAH00002");
    const mona = await world.shop("Mona");
    const kept = await connected(world.at, mona, "square", "MLRIYADH00001");
    const attempt = await connect(world.at, mona, "square", "MLJEDDAH00002", { connectionId: kept.id });
    expect(attempt.outcome).toBe("held_elsewhere");
    const { bodies, open } = watched();
    await revoke(await staff("support"), { connectionId: attempt.resultId, reason: "asked" }, open);
    expect(bodies).toEqual([expect.objectContaining({ revoke_only_access_token: true })]);
    await world.untouched(other, yusuf);
    await world.untouched(kept, mona);
  });
});
