import { sql } from "drizzle-orm";
import { beforeEach, describe, expect, it } from "vitest";
import { database } from "@/db/client";
import { catalogue, catalogueEntry, connectable } from "@/lib/connections/catalogue";
import { exchange } from "@/lib/connections/exchange";
import { openIncidents } from "@/lib/connections/open-incidents";
import { receiveAnswer } from "@/lib/connections/receive-answer";
import { renew } from "@/lib/connections/renew";
import { healthReport } from "@/lib/health/health-report";
import { addSecret, retireSecret, switchSecret } from "@/lib/offers/client-secrets";
import { deleteOffer } from "@/lib/offers/delete-offer";
import { freshOffers } from "@/lib/offers/fresh-offers";
import { offer as findOffer, offers, pauseOf } from "@/lib/offers/offers";
import { pauseOffer } from "@/lib/offers/pause-offer";
import { publishOffer, unpublishOffer } from "@/lib/offers/publish-offer";
import { editOffer } from "@/lib/offers/save-offer";
import { showOffer } from "@/lib/offers/show-offers";
import { resetClock } from "@/tests/auth/people";
import { useEnv } from "@/tests/auth/set-env";
import { approveAt } from "@/tests/providers/worlds/approve-at";
import { useDatabase } from "@/tests/support/database";
import { empty } from "@/tests/support/empty";
import { otherProcess, withHarbor } from "@/tests/support/harbor";
import { aMerchant, attemptOf, connectionOf, staff, start } from "@/tests/support/journey";
import { BASE_URL } from "@/tests/support/platforms";
import { sweep } from "@/tests/support/sweep";

useEnv({ LATCHKEY_URL: BASE_URL });
useDatabase();

let world = withHarbor();
let serial = 0;
const shop = () => aMerchant(`Shop ${++serial}`);
const kinds = async () =>
  (await database().execute<{ kind: string }>(sql`select kind from events where kind like 'offer.%' order by id`)).rows.map(
    ({ kind }) => kind,
  );
const slugs = () => offers().map(({ slug }) => slug);

beforeEach(async () => {
  world = withHarbor();
  await empty("offers", "offer_pauses", "offer_minutes", "offer_tries", "connections", "attempts", "gates", "incidents", "events");
  await resetClock();
});

async function harborStore() {
  const actor = await shop();
  const begun = await start(world.at, actor, "harbor" as "oauth2");
  const received = await receiveAnswer("harbor", await approveAt(world.harbor, begun.url), begun.cookie, actor);
  if (received.kind !== "result") throw new Error("The callback was refused");
  await exchange(actor, begun.attemptId, world.at.open);
  return { actor, id: (await connectionOf(await attemptOf(begun.attemptId))).id };
}

describe("a platform that an admin added", () => {
  it("A10, M12: is a draft that merchants do not see, then one that they connect, in every process", async () => {
    const admin = await staff("admin");
    const other = otherProcess();
    await other(() => freshOffers(0));
    expect(await world.add(admin)).toEqual({ kind: "saved", slug: "harbor" });
    const merchant = await shop();
    const listed = async () => (await connectable()).map(({ slug }) => slug);
    expect(await listed()).not.toContain("harbor");
    await expect(catalogueEntry(merchant, "harbor")).rejects.toMatchObject({ status: 404 });
    await expect(start(world.at, merchant, "harbor" as "oauth2")).rejects.toMatchObject({ status: 404 });
    expect(await other(slugs)).not.toContain("harbor");
    await expect(publishOffer(admin, "harbor")).rejects.toMatchObject({ code: "unproved" });
    await publishOffer(admin, "harbor", true);
    await other(async () => {
      await freshOffers(0);
      expect(await listed()).toContain("harbor");
    });
    const { offer } = await catalogueEntry(merchant, "harbor");
    expect(offer).toMatchObject({
      platformName: "Harbor Market",
      texts: { monogram: "HM", allows: { en: "See who you are\nRead your orders" } },
    });
    const { id } = await harborStore();
    expect(await renew(admin, id, world.at.open)).toEqual({ kind: "renewed" });
    await unpublishOffer(admin, "harbor");
    expect(await listed()).not.toContain("harbor");
    expect(await renew(admin, id, world.at.open)).toEqual({ kind: "renewed" });
    expect(await kinds()).toEqual(["offer.created", "offer.published", "offer.unpublished"]);
  });

  it("keeps its secret sealed, and tells nobody", async () => {
    const admin = await staff("admin");
    await world.add(admin);
    const [row] = (await database().execute<{ value: string }>(sql`select value from offer_secrets`)).rows;
    expect(row?.value).toMatch(/^lk1\./);
    const shown = JSON.stringify(await showOffer(admin, "harbor"));
    expect(shown).not.toContain(world.form.clientSecret);
    expect(shown).not.toContain(row?.value);
    expect(JSON.stringify(catalogue())).not.toContain(world.form.clientSecret);
  });

  it("needs a slug of its own, usable endpoints, and says by field what is not", async () => {
    const admin = await staff("admin");
    const refused = { slug: "square", issuer: "http://harbor.test", clientSecret: "", name: " ", monogram: "abc" };
    expect(await world.add(admin, refused)).toEqual({
      kind: "refused",
      faults: { slug: "slug_taken", issuer: "url", name: "required", monogram: "monogram" },
    });
    expect(await world.add(admin, { issuer: "", clientSecret: "" })).toEqual({
      kind: "refused",
      faults: { authorizeUrl: "issuer_or_endpoints", tokenUrl: "issuer_or_endpoints", clientSecret: "required" },
    });
    expect(await world.add(admin, { issuer: "https://10.0.0.1/" })).toMatchObject({ faults: { issuer: "url" } });
    expect(await world.add(admin, { authorizeParams: "state=mine" })).toMatchObject({ faults: { authorizeParams: "params" } });
    for (const slug of ["new", "Ä", "a b", "../x", "x"]) expect(await world.add(admin, { slug })).toMatchObject({ kind: "refused" });
    await world.add(admin);
    expect(await world.add(admin)).toEqual({ kind: "refused", faults: { slug: "slug_taken" } });
    await expect(world.add(await staff("support"))).rejects.toMatchObject({ status: 403 });
  });

  it("gives way to one that the environment describes", async () => {
    await world.add(await staff("admin"));
    const held = globalThis as { latchkeyOffers?: readonly unknown[] };
    held.latchkeyOffers = [
      ...world.at.offers,
      { ...world.at.offers.find(({ slug }) => slug === "oauth2"), slug: "harbor", name: "By variables" },
    ];
    expect(findOffer("harbor").name).toBe("By variables");
    expect(slugs().filter((slug) => slug === "harbor")).toHaveLength(1);
  });

  it("cancels a consent on its way when it was edited, and not when only its words were", async () => {
    const admin = await staff("admin");
    await world.add(admin);
    await publishOffer(admin, "harbor", true);
    const came = async (change: Record<string, string>) => {
      const actor = await shop();
      const begun = await start(world.at, actor, "harbor" as "oauth2");
      await receiveAnswer("harbor", await approveAt(world.harbor, begun.url), begun.cookie, actor);
      await editOffer(admin, "harbor", { ...world.form, ...change });
      await exchange(actor, begun.attemptId, world.at.open);
      return attemptOf(begun.attemptId);
    };
    expect(await came({ helpEn: "Other words" })).toMatchObject({ outcome: "connected" });
    expect(await came({ scopes: "openid" })).toMatchObject({ outcome: "cancelled", troubleCode: "offer_changed" });
  });

  it("asks for a secret where its client comes to need one, and stays what it was without", async () => {
    const admin = await staff("admin");
    await world.add(admin, { authMethod: "none", clientSecret: "" });
    const change = { ...world.form, authMethod: "basic" };
    expect(await editOffer(admin, "harbor", { ...change, clientSecret: "" })).toEqual({
      kind: "refused",
      faults: { clientSecret: "required" },
    });
    expect((await showOffer(admin, "harbor")).authMethod).toBe("none");
    expect(await editOffer(admin, "harbor", change)).toEqual({ kind: "saved", slug: "harbor" });
    expect(await showOffer(admin, "harbor")).toMatchObject({ authMethod: "basic", secrets: [{ current: true }] });
  });

  it("takes nothing into its settings that no text can hold", async () => {
    const admin = await staff("admin");
    const odd = { scopes: "openid\u0000orders.read", authorizeParams: "audience=a%00b", revokeUrl: "https://harbor.test/\ud800revoke" };
    expect(await world.add(admin, odd)).toEqual({ kind: "saved", slug: "harbor" });
    expect((await showOffer(admin, "harbor")).values).toMatchObject({ scopes: "openid orders.read", authorizeParams: "audience=a+b" });
  });

  it("is not changed by a form that shows what somebody else has changed since", async () => {
    const admin = await staff("admin");
    await world.add(admin);
    const { version } = await showOffer(admin, "harbor");
    const shown = { ...world.form, version: version ?? "" };
    await publishOffer(admin, "harbor", true);
    expect(await editOffer(admin, "harbor", { ...shown, helpEn: "Of the first" })).toMatchObject({ kind: "saved" });
    expect(await editOffer(admin, "harbor", { ...shown, scopes: "openid" })).toEqual({ kind: "changed" });
    expect((await showOffer(admin, "harbor")).values).toMatchObject({ helpEn: "Of the first", scopes: "openid orders.read" });
  });

  it("A1: counts in the health report as long as stores are connected there, published or not", async () => {
    const admin = await staff("admin");
    await world.add(admin);
    const told = async () => (await healthReport(admin, {}, "UTC")).horizon.offers.map(({ offer }) => offer);
    expect(await told()).not.toContain("harbor");
    await publishOffer(admin, "harbor", true);
    await harborStore();
    await unpublishOffer(admin, "harbor");
    expect(await told()).toContain("harbor");
  });

  it("is deleted by its name only, and only while nothing of it is held", async () => {
    const admin = await staff("admin");
    await world.add(admin);
    await publishOffer(admin, "harbor", true);
    const { id } = await harborStore();
    await expect(deleteOffer(admin, "harbor", "harbor")).rejects.toMatchObject({ code: "name" });
    await expect(deleteOffer(admin, "harbor", "Harbor Market")).rejects.toMatchObject({ code: "in_use" });
    const stale = { ...admin, signedInAt: new Date(Date.now() - 16 * 60_000) };
    await expect(deleteOffer(stale, "harbor", "Harbor Market")).rejects.toMatchObject({ code: "sign_in_again" });
    await database().execute(sql`update connections set status = 'revoked' where id = ${id}`);
    await database().execute(
      sql`insert into incidents (id, offer, code, probe_at) values ('inc_1', 'harbor', 'invalid_client', app_now())`,
    );
    await pauseOffer(admin, "harbor", { reason: "Its client is refused", hours: "4" });
    await deleteOffer(admin, "harbor", "Harbor Market");
    expect(await openIncidents(admin)).toEqual([]);
    expect(pauseOf("harbor")).toBeNull();
    expect(slugs()).not.toContain("harbor");
    expect((await database().execute(sql`select from offer_secrets`)).rowCount).toBe(0);
  });
});

describe("A11: a client secret is rolled over", () => {
  it("A11: two are held, one act switches, the platform's refusal is an incident, one act goes back, the old one is erased", async () => {
    const admin = await staff("admin");
    await world.add(admin);
    await publishOffer(admin, "harbor", true);
    const { id } = await harborStore();
    const old = world.harbor.client.secret;
    const secrets = async () => (await showOffer(admin, "harbor")).secrets;
    await expect(addSecret(admin, "harbor", " ")).rejects.toMatchObject({ code: "secret" });
    await addSecret(admin, "harbor", "CNRY-not-known-there");
    const [first, second] = await secrets();
    expect([first?.current, second?.current]).toEqual([true, false]);
    await expect(addSecret(admin, "harbor", "third")).rejects.toMatchObject({ code: "two_already" });
    expect(await renew(admin, id, world.at.open)).toEqual({ kind: "renewed" });

    await switchSecret(admin, "harbor", second?.id ?? "");
    expect(await renew(admin, id, world.at.open)).toMatchObject({ kind: "failed", trouble: "operator", code: "invalid_client" });
    expect((await showOffer(admin, "harbor")).incident).toMatchObject({ code: "invalid_client" });
    await switchSecret(admin, "harbor", first?.id ?? "");
    expect(await renew(admin, id, world.at.open)).toEqual({ kind: "renewed" });
    expect((await showOffer(admin, "harbor")).incident).toBeNull();

    world.harbor.client.secret = "CNRY-not-known-there";
    await switchSecret(admin, "harbor", second?.id ?? "");
    expect(await renew(admin, id, world.at.open)).toEqual({ kind: "renewed" });
    world.harbor.client.secret = old;
    await sweep(world.at.open);
    await expect(retireSecret(admin, "harbor", second?.id ?? "", "Harbor Market")).rejects.toMatchObject({ code: "current_secret" });
    await retireSecret(admin, "harbor", first?.id ?? "", "Harbor Market");
    expect(await secrets()).toMatchObject([{ id: second?.id, current: true, createdBy: "admin" }]);
    expect(await kinds()).toEqual([
      "offer.created",
      "offer.published",
      "offer.secret_added",
      "offer.secret_switched",
      "offer.secret_switched",
      "offer.secret_switched",
      "offer.secret_retired",
    ]);
  });

  it("A11: tells when each was last used", async () => {
    const admin = await staff("admin");
    await world.add(admin);
    await publishOffer(admin, "harbor", true);
    expect((await showOffer(admin, "harbor")).secrets).toMatchObject([{ lastUsedAt: null }]);
    await harborStore();
    expect((await showOffer(admin, "harbor")).secrets).toMatchObject([{ lastUsedAt: expect.any(Date) }]);
  });
});
