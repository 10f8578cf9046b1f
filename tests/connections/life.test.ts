import { sql } from "drizzle-orm";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { database } from "@/db/client";
import { findConnection } from "@/db/connections";
import type { UserActor } from "@/lib/auth/actor";
import { listOwn } from "@/lib/connections/list";
import { renew } from "@/lib/connections/renew";
import { revoke } from "@/lib/connections/revoke";
import { openGrant } from "@/lib/connections/sealed-grant";
import { show } from "@/lib/connections/show";
import { testConnection } from "@/lib/connections/test-connection";
import { offer } from "@/lib/offers/offers";
import { useEnv } from "@/tests/auth/set-env";
import { useDatabase } from "@/tests/support/database";
import { aMerchant, connected, staff } from "@/tests/support/journey";
import { BASE_URL, platforms } from "@/tests/support/platforms";

useEnv({ LATCHKEY_URL: BASE_URL });
useDatabase();

const slugs = ["noon", "norce", "ultracart", "square", "oauth2"] as const;

describe.each(slugs)("%s: a store's whole life", (slug) => {
  const at = { value: platforms() };
  let mona: UserActor;

  beforeAll(async () => {
    mona = await aMerchant(`Riyadh shop ${slug}`);
  });
  beforeEach(() => {
    (globalThis as { latchkeyOffers?: unknown }).latchkeyOffers = at.value.offers;
  });

  it("connects, is listed as working, tested, renewed, reconnected in place and ended", async () => {
    const row = await connected(at.value, mona, slug);
    expect(row).toMatchObject({ status: "active", offer: slug, connectedBy: mona.id });
    expect(row.accountId).toBeTruthy();

    const listed = await listOwn(mona);
    expect(listed.rows).toHaveLength(1);
    expect(listed.rows[0]).toMatchObject({ id: row.id, state: "healthy", word: "working" });

    expect(await testConnection(mona, row.id, at.value.open)).toEqual({ kind: "works", unproved: false });
    expect(await renew(mona, row.id, at.value.open)).toEqual({ kind: "renewed" });
    const renewed = await findConnection(database(), row.id);
    expect(renewed?.generation).toBeGreaterThan(row.generation);
    const grant = openGrant(renewed as NonNullable<typeof renewed>);
    expect(Object.values(offer(slug).provider.headers(grant)).every((value) => value.length > 0)).toBe(true);

    const again = await connected(at.value, mona, slug, undefined, { connectionId: row.id });
    expect(again.id).toBe(row.id);
    expect((await listOwn(mona)).rows).toHaveLength(1);

    const ended = await revoke(mona, { connectionId: row.id }, at.value.open);
    expect(ended.kind).toBe("revoked");
    const gone = await findConnection(database(), row.id);
    expect(gone).toMatchObject({ status: "revoked", access: null, renewal: null, revokeConfirmed: slug === "norce" ? "local" : "remote" });
    const sessions = await database().execute(
      sql`select s.id from platform_sessions s join platform_session_uses u on u.session_id = s.id where u.connection_id = ${row.id}`,
    );
    expect(sessions.rows).toEqual([]);

    const story = (await show(mona, row.id)).timeline.map((entry) => entry.kind).reverse();
    expect(story).toEqual(
      expect.arrayContaining([
        "connection.connected",
        "connection.tested",
        "connection.renewed",
        "connection.reconnected",
        "connection.revoke_asked",
        "connection.revoked",
      ]),
    );
  });

  it("is not there for another merchant, and support ends it only with a reason", async () => {
    const row = await connected(at.value, mona, slug);
    const other = await aMerchant(`Jeddah shop ${slug}`);
    await expect(show(other, row.id)).rejects.toMatchObject({ code: "not_found", status: 404 });
    await expect(revoke(other, { connectionId: row.id }, at.value.open)).rejects.toMatchObject({ status: 404 });
    await expect(revoke(other, { connectionId: "con_00000000000000000000" }, at.value.open)).rejects.toMatchObject({
      code: "not_found",
      status: 404,
    });
    const sara = await staff("support");
    await expect(revoke(sara, { connectionId: row.id }, at.value.open)).rejects.toMatchObject({ code: "reason_needed", status: 422 });
    expect((await revoke(sara, { connectionId: row.id, reason: "owner left" }, at.value.open)).kind).toBe("revoked");
    const entry = (await show(sara, row.id)).timeline.find((event) => event.kind === "connection.revoke_asked");
    expect(entry?.reason).toBe("owner left");
    expect((await show(mona, row.id)).timeline.every((event) => event.reason === null)).toBe(true);
  });
});
