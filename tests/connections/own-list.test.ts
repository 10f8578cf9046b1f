import { sql } from "drizzle-orm";
import { beforeAll, describe, expect, it } from "vitest";
import { database } from "@/db/client";
import { connections } from "@/db/schema";
import type { UserActor } from "@/lib/auth/actor";
import { catalogueEntry } from "@/lib/connections/catalogue";
import { listOwn } from "@/lib/connections/list";
import { receiveAnswer } from "@/lib/connections/receive-answer";
import { showAttempt } from "@/lib/connections/show-attempt";
import { moveClock, resetClock } from "@/tests/auth/people";
import { useEnv } from "@/tests/auth/set-env";
import { useDatabase } from "@/tests/support/database";
import { aMerchant, approve, start } from "@/tests/support/journey";
import { BASE_URL, platforms } from "@/tests/support/platforms";

useEnv({ LATCHKEY_URL: BASE_URL });
useDatabase();

const at = platforms();
let [mona, yusuf] = [] as unknown as [UserActor, UserActor];
const merchantOf = (actor: UserActor) => actor.merchants[0]?.id ?? "";

async function store(actor: UserActor, id: string, row: Partial<typeof connections.$inferInsert>): Promise<string> {
  const plain = {
    id,
    merchantId: merchantOf(actor),
    offer: "oauth2",
    provider: "oauth2",
    environment: "production",
    accountId: id,
    status: "active" as const,
  };
  await database()
    .insert(connections)
    .values({ ...plain, connectedAt: sql`app_now()`, issuedAt: sql`app_now()`, lastProofAt: sql`app_now()`, renewable: true, ...row });
  return id;
}

beforeAll(async () => {
  (globalThis as { latchkeyOffers?: unknown }).latchkeyOffers = at.offers;
  [mona, yusuf] = [await aMerchant("Nile Books"), await aMerchant("Jeddah Books")];
  await store(mona, "con_healthy", { label: "Riyadh shop" });
  await store(mona, "con_amal", { label: "مكتبة الأمـل", accountId: "ACC-77" });
  await store(mona, "con_needs", { label: "Harbour", status: "reconnect" });
  await store(mona, "con_gone", { label: "Old shop", status: "revoked" });
  await store(yusuf, "con_other", { label: "Riyadh shop of somebody else" });
});

describe("a merchant's own list", () => {
  it("holds their stores only, those that need somebody first, and counts by word", async () => {
    const listed = await listOwn(mona);
    expect(listed.rows.map(({ id }) => id)).toEqual(["con_needs", expect.any(String), expect.any(String), "con_gone"]);
    expect(listed).toMatchObject({
      total: 4,
      more: false,
      counts: { needs_you: 1, interrupted: 0, not_checked: 0, working: 2, revoked: 1 },
    });
  });

  it.each([
    ["riyadh", ["con_healthy"]],
    ["SHOP", ["con_healthy", "con_gone"]],
    ["acc-77", ["con_amal"]],
    ["الامل", ["con_amal"]],
    ["مكتبه", ["con_amal"]],
    ["con_needs", ["con_needs"]],
    ["%", []],
  ])("finds by %s", async (q, ids) => {
    const { rows, total } = await listOwn(mona, { q });
    expect(rows.map(({ id }) => id)).toEqual(ids);
    expect(total).toBe(4);
  });

  it("narrows by word, and takes nothing else for a filter", async () => {
    expect((await listOwn(mona, { word: "revoked" })).rows.map(({ id }) => id)).toEqual(["con_gone"]);
    for (const odd of [{ word: "needs_reconnect" }, { word: ["revoked"] }, { q: ["a", "b"] }, { q: "x".repeat(201) }])
      expect((await listOwn(mona, odd)).rows).toHaveLength(4);
  });
});

describe("a platform's page", () => {
  it("knows the store that is to be reconnected", async () => {
    const { target } = await catalogueEntry(mona, "oauth2", { connection: "con_needs" });
    expect(target).toMatchObject({ id: "con_needs", name: "Harbour" });
  });

  it.each([
    ["another merchant's store", "oauth2", "con_other"],
    ["a store that has ended", "oauth2", "con_gone"],
    ["a store of another platform", "square", "con_needs"],
    ["no store at all", "oauth2", "con_nowhere"],
  ])("is not there for %s", async (_what, slug, connection) => {
    await expect(catalogueEntry(mona, slug, { connection })).rejects.toMatchObject({ code: "not_found" });
  });

  it("keeps the name of an attempt that is started again, and tells of one on its way", async () => {
    const begun = await start(at, mona, "square", { label: "Corner shop" });
    const { again, openAttemptId } = await catalogueEntry(mona, "square", { again: begun.attemptId });
    expect(again).toMatchObject({ label: "Corner shop", merchantId: merchantOf(mona) });
    expect(openAttemptId).toBe(begun.attemptId);
    expect(await catalogueEntry(yusuf, "square", { again: begun.attemptId })).toMatchObject({ again: null, openAttemptId: null });
  });
});

describe("an attempt whose code was never sent", () => {
  it("has timed out with its life, whether or not a job has closed it (C-06)", async () => {
    const begun = await start(at, mona, "square");
    const query = await approve(at, "square", begun.url);
    await receiveAnswer("square", query, begun.cookie, mona);
    expect(await showAttempt(mona, begun.attemptId)).toMatchObject({ outcome: null, waitingForPlatform: false });
    await moveClock("11 minutes");
    expect(await showAttempt(mona, begun.attemptId)).toMatchObject({ outcome: "timed_out" });
    await resetClock();
  });
});
