import { sql } from "drizzle-orm";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { database } from "@/db/client";
import { findConnection } from "@/db/connections";
import type { UserActor } from "@/lib/auth/actor";
import { revoke } from "@/lib/connections/revoke";
import { show } from "@/lib/connections/show";
import { useEnv } from "@/tests/auth/set-env";
import { useDatabase } from "@/tests/support/database";
import { aMerchant, connect, connected, staff } from "@/tests/support/journey";
import { BASE_URL, platforms } from "@/tests/support/platforms";

useEnv({ LATCHKEY_URL: BASE_URL });
useDatabase();

const offersAre = (offers: unknown) => {
  (globalThis as { latchkeyOffers?: unknown }).latchkeyOffers = offers;
};

describe("what staff see and end", () => {
  const at = platforms();
  let [mona, amal, sara] = [] as unknown as [UserActor, UserActor, UserActor];

  beforeEach(() => offersAre(at.offers));
  beforeAll(async () => {
    [mona, amal, sara] = [await aMerchant("Riyadh Trading"), await aMerchant("Amal Books"), await staff("support")];
  });

  it("names who holds an account to staff alone, and lets go of access that was set aside", async () => {
    offersAre(at.offers);
    const held = await connected(at, mona, "square", undefined, { label: "Riyadh shop" });
    const attempt = await connect(at, amal, "square");
    expect(attempt.outcome).toBe("held_elsewhere");
    const parkedId = attempt.resultId ?? "";

    const shown = await show(sara, parkedId);
    expect(shown.connection).toMatchObject({ state: "pending", troubleCode: "held_elsewhere", merchantName: "Amal Books" });
    expect(shown.holder).toEqual({ id: held.id, name: "Riyadh shop", merchantName: "Riyadh Trading" });
    expect(shown.timeline.map(({ kind }) => kind)).toContain("attempt.held_elsewhere");
    await expect(show(amal, parkedId)).rejects.toMatchObject({ status: 404 });

    expect((await show(sara, held.id)).siblings).toEqual([expect.objectContaining({ id: parkedId, merchantName: "Amal Books" })]);
    expect((await show(mona, held.id)).siblings).toEqual([]);
    // At another platform of the same kind the same id is another account.
    await database().execute(sql`update connections set offer = 'elsewhere' where id = ${parkedId}`);
    expect((await show(sara, held.id)).siblings).toEqual([]);
    await database().execute(sql`update connections set offer = 'square' where id = ${parkedId}`);

    expect(await revoke(sara, { connectionId: parkedId, reason: "wrong store" }, at.open)).toMatchObject({ kind: "revoked" });
    expect(await findConnection(database(), parkedId)).toMatchObject({ status: "revoked", access: null, renewal: null });
    expect((await findConnection(database(), held.id))?.status).toBe("active");
  });

  it("stops serving a connection whose platform is not configured any more, and says that it could not be told", async () => {
    const row = await connected(at, mona, "ultracart");
    offersAre([]);
    expect((await show(sara, row.id)).siblings).toEqual([]);
    expect(await revoke(sara, { connectionId: row.id, reason: "owner left" }, at.open)).toMatchObject({ kind: "revoking" });
    const { connection } = await show(sara, row.id);
    expect(connection).toMatchObject({ status: "revoking", troubleCode: "offer_missing", revoked: { confirmed: null, tries: 1 } });
    expect((await revoke(sara, { connectionId: row.id, reason: "again" }, at.open)).kind).toBe("already");
  });
});
