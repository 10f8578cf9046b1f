import { sql } from "drizzle-orm";
import { beforeAll, describe, expect, it } from "vitest";
import { database } from "@/db/client";
import { forgetLinks } from "@/db/connect-links";
import type { UserActor } from "@/lib/auth/actor";
import { catalogueEntry } from "@/lib/connections/catalogue";
import { chooseAccount } from "@/lib/connections/choose-account";
import { connectCredentials } from "@/lib/connections/connect-credentials";
import { exchange } from "@/lib/connections/exchange";
import { receiveAnswer } from "@/lib/connections/receive-answer";
import { revoke } from "@/lib/connections/revoke";
import { show } from "@/lib/connections/show";
import { showAttempt } from "@/lib/connections/show-attempt";
import { viewConnection } from "@/lib/connections/view-connection";
import { connecting } from "@/lib/jobs/connecting";
import { backFromLink } from "@/lib/links/back-from-link";
import { findLinkActor } from "@/lib/links/find-link-actor";
import { lookAtLink } from "@/lib/links/look-at-link";
import { openLink } from "@/lib/links/open-link";
import { openLinks } from "@/lib/links/open-links";
import { revokeLink } from "@/lib/links/revoke-link";
import { makeMerchant, moveClock } from "@/tests/auth/people";
import { useEnv } from "@/tests/auth/set-env";
import { useDatabase } from "@/tests/support/database";
import { aMerchant, approve, attemptOf, connected, connectionOf, norceValues, staff, start } from "@/tests/support/journey";
import { BASE_URL, platforms } from "@/tests/support/platforms";
import { aLink, browserOf, connectByLink, tokenOf } from "./link-world";

useEnv({ LATCHKEY_URL: BASE_URL, LATCHKEY_RETURN_ORIGINS: "https://shop.example" });
useDatabase();
const at = platforms({ stores: Array.from({ length: 12 }, (_, index) => `S${index}`) });
const nobody = () => undefined;
let sara: UserActor;

beforeAll(async () => {
  sara = await staff("support");
});

const kindsOf = async (merchantId: string) =>
  (await database().execute<{ kind: string }>(sql`select kind from events where merchant_id = ${merchantId} order by id`)).rows.map(
    ({ kind }) => kind,
  );
const refused = (status: number) => expect.objectContaining({ status });

describe("opening", () => {
  it("looking spends and binds nothing, however often; the first form binds it, and another browser is told no more than that", async () => {
    const merchantId = await makeMerchant("Delta Toys");
    const link = await aLink(merchantId, { offer: "square", returnUrl: "https://shop.example/back" });
    const token = tokenOf(link);
    for (let look = 0; look < 3; look += 1)
      expect(await lookAtLink(token, nobody)).toMatchObject({
        kind: "open",
        link: { merchantName: "Delta Toys", platform: { provider: "square" } },
      });
    expect(await kindsOf(merchantId)).toEqual(["link.created"]);
    const both = await Promise.all([openLink(token, nobody), openLink(token, nobody)]);
    expect(both.filter((one) => one !== null)).toHaveLength(1);
    const opened = both.find((one) => one !== null);
    expect(opened).toMatchObject({ path: `/by-link/${link.id}/square` });
    expect(await lookAtLink(token, nobody)).toEqual({ kind: "elsewhere" });
    expect(await lookAtLink(token, () => "another")).toEqual({ kind: "elsewhere" });
    expect(await lookAtLink(token, () => opened?.secret ?? "")).toMatchObject({ kind: "yours" });
    // The same browser again: no other secret, no other event.
    expect(await openLink(token, () => opened?.secret ?? "")).toMatchObject({ secret: null });
    expect(await findLinkActor(link.id, "another")).toBeNull();
    expect(await kindsOf(merchantId)).toEqual(["link.created", "link.opened"]);
    expect(await lookAtLink(`${token.slice(0, -1)}!`, nobody)).toBeNull();
    expect(await lookAtLink("A".repeat(43), nobody)).toBeNull();
  });
});

describe("connecting by it", () => {
  it.each(["square", "ultracart", "noon", "oauth2"] as const)("%s: without an account, once, and the link is used up", async (slug) => {
    const merchantId = await makeMerchant(`Merchant at ${slug}`);
    const browser = await browserOf(await aLink(merchantId, { returnUrl: "https://shop.example/back?x=1" }));
    const attempt = await connectByLink(at, browser, slug, `S1`);
    expect(attempt).toMatchObject({ outcome: "connected", userId: browser.id, merchantId });
    const actor = await browser.actor();
    expect(actor).toMatchObject({ closed: "used", resultId: attempt.resultId });
    // Its browser still reads what came of it, and the store; nobody else does.
    expect(await showAttempt(actor, attempt.id)).toMatchObject({ outcome: "connected", link: browser.id });
    expect(await viewConnection(actor, attempt.resultId ?? "")).toMatchObject({ merchantId });
    await expect(showAttempt(await aMerchant(`Stranger at ${slug}`), attempt.id)).rejects.toEqual(refused(404));
    const back = await backFromLink(browser.id, await showAttempt(actor, attempt.id));
    expect(back).toEqual({ host: "shop.example", href: `https://shop.example/back?x=1&status=connected&connection=${attempt.resultId}` });
    await expect(start(at, actor, slug)).rejects.toEqual(refused(409));
    expect(await lookAtLink(browser.token, nobody)).toEqual({ kind: "closed", why: "used", link: null });
    expect((await kindsOf(merchantId)).slice(-2)).toEqual(["link.used", "connection.connected"]);
  });

  it("pasted values: refused ones leave it usable, good ones use it up", async () => {
    const merchantId = await makeMerchant("Paste Ltd");
    const browser = await browserOf(await aLink(merchantId, { offer: "norce" }));
    const values = norceValues(at);
    const wrong = await connectCredentials(
      await browser.actor(),
      { offer: "norce", values: { ...values, client_secret: "CNRY-no" } },
      at.open,
    );
    expect(wrong.kind).toBe("refused");
    expect(await browser.actor()).toMatchObject({ closed: null });
    const right = await connectCredentials(await browser.actor(), { offer: "norce", values }, at.open);
    expect(right.kind).toBe("attempt");
    expect(await browser.actor()).toMatchObject({ closed: "used" });
    await expect(connectCredentials(await browser.actor(), { offer: "norce", values }, at.open)).rejects.toEqual(refused(409));
  });

  it("who declines can try again, and the way back says so", async () => {
    const browser = await browserOf(await aLink(await makeMerchant("Undecided"), { returnUrl: "https://shop.example/" }));
    const actor = await browser.actor();
    const begun = await start(at, actor, "square");
    const query = await approve(at, "square", begun.url, undefined, "deny");
    await receiveAnswer("square", query, begun.cookie, null, async () => actor);
    const view = await showAttempt(actor, begun.attemptId);
    expect(await backFromLink(browser.id, view)).toMatchObject({ href: "https://shop.example/?status=denied" });
    expect(await connectByLink(at, browser, "square", "S2")).toMatchObject({ outcome: "connected" });
  });

  it("two attempts of one link make one connection", async () => {
    const merchantId = await makeMerchant("Two Tabs");
    const browser = await browserOf(await aLink(merchantId));
    const actor = await browser.actor();
    const tabs = [await start(at, actor, "square"), await start(at, actor, "square"), await start(at, actor, "ultracart")];
    for (const [index, slug] of (["square", "square"] as const).entries()) {
      const begun = tabs[index];
      const query = await approve(at, slug, begun?.url ?? "", `S${3 + index}`);
      await receiveAnswer(slug, query, begun?.cookie ?? nobody, null, async () => actor);
    }
    await Promise.all([exchange(actor, tabs[0]?.attemptId ?? "", at.open), exchange(actor, tabs[1]?.attemptId ?? "", at.open)]);
    const outcomes = await Promise.all(tabs.map(async ({ attemptId }) => (await attemptOf(attemptId)).outcome));
    expect(outcomes.sort()).toEqual(["connected", "replaced", "replaced"]);
    const live = await database().execute(sql`select id from connections where merchant_id = ${merchantId} and status = 'active'`);
    expect(live.rows).toHaveLength(1);
    expect((await kindsOf(merchantId)).filter((kind) => kind === "link.used")).toHaveLength(1);
  });

  it("a tab that was closed is finished by the job", async () => {
    const browser = await browserOf(await aLink(await makeMerchant("Closed Tab")));
    const actor = await browser.actor();
    const begun = await start(at, actor, "square");
    await receiveAnswer("square", await approve(at, "square", begun.url, "S5"), begun.cookie, null, async () => actor);
    await moveClock("20 seconds");
    await connecting.round({ open: at.open, stopping: () => false } as never);
    expect(await attemptOf(begun.attemptId)).toMatchObject({ outcome: "connected" });
    expect(await browser.actor()).toMatchObject({ closed: "used" });
  });

  it("whoever else is signed in in that browser has no part in it, and another link's browser neither", async () => {
    const mona = await aMerchant("Signed In");
    const [browser, other] = [
      await browserOf(await aLink(await makeMerchant("By Link"))),
      await browserOf(await aLink(mona.merchants[0]?.id ?? "")),
    ];
    const begun = await start(at, await browser.actor(), "square");
    const query = await approve(at, "square", begun.url, "S6");
    // Signed in or not, it is the link's attempt; without the link's cookie the code is kept and nobody may finish it.
    expect(await receiveAnswer("square", query, begun.cookie, mona, async () => null)).toMatchObject({
      kind: "result",
      linkId: browser.id,
    });
    expect((await attemptOf(begun.attemptId)).presentAt).toBeNull();
    for (const stranger of [mona, await other.actor()])
      await expect(exchange(stranger, begun.attemptId, at.open)).rejects.toEqual(refused(404));
    await exchange(await browser.actor(), begun.attemptId, at.open);
    expect(await attemptOf(begun.attemptId)).toMatchObject({ outcome: "connected" });
  });
});

describe("what it is for", () => {
  it("one platform opens no other's page, and begins nothing there or for another merchant", async () => {
    const browser = await browserOf(await aLink(await makeMerchant("One Only"), { offer: "square" }));
    const actor = await browser.actor();
    expect(await catalogueEntry(actor, "square")).toMatchObject({ link: browser.id, merchants: [{ name: "One Only" }] });
    await expect(catalogueEntry(actor, "ultracart")).rejects.toEqual(refused(404));
    await expect(start(at, actor, "ultracart")).rejects.toEqual(refused(404));
    await expect(start(at, actor, "square", { merchantId: await makeMerchant("Other") })).rejects.toEqual(refused(404));
  });

  it("one connection: that one is renewed, whatever the form names, and no other account is added", async () => {
    const mona = await aMerchant("Old Hand");
    const before = await connected(at, mona, "square", "S7");
    const merchantId = mona.merchants[0]?.id ?? "";
    const link = await aLink(merchantId, { connectionId: before.id });
    const browser = await browserOf(link);
    expect((await lookAtLink(tokenOf(link), browser.cookie)) as object).toMatchObject({ link: { store: {} } });
    const wrong = await connectByLink(at, browser, "square", "S8");
    expect(wrong.outcome).toBe("different_account");
    await expect(chooseAccount(await browser.actor(), { attemptId: wrong.id, choice: "add" }, at.open)).rejects.toEqual(refused(404));
    await chooseAccount(await browser.actor(), { attemptId: wrong.id, choice: "keep" }, at.open);
    const right = await connectByLink(at, browser, "square", "S7");
    expect([right.outcome, (await connectionOf(right)).id]).toEqual(["renewed", before.id]);
    // Staff read who made it; the merchant reads that support did.
    const used = (entries: { kind: string; facts: object }[]) => entries.find(({ kind }) => kind === "link.used")?.facts;
    expect(used((await show(sara, before.id)).timeline)).toMatchObject({ by: "support" });
    expect(used((await show(mona, before.id)).timeline)).not.toHaveProperty("by");
    const foreign = await connected(at, await aMerchant("Somebody Else"), "square", "S9");
    await expect(viewConnection(await browser.actor(), foreign.id)).rejects.toEqual(refused(404));
    await expect(aLink(merchantId, { connectionId: foreign.id })).rejects.toEqual(refused(404));
  });
});

describe("the end of it", () => {
  it("staff see a merchant's open links and take one back; what was begun with it ends", async () => {
    const merchantId = await makeMerchant("Many Links");
    const [first, second] = [await aLink(merchantId), await aLink(merchantId, { offer: "square" })];
    const browser = await browserOf(first);
    const begun = await start(at, await browser.actor(), "square");
    const shown = await openLinks(sara, merchantId);
    expect(shown.map(({ id, openedAt }) => [id, openedAt !== null])).toEqual([
      [second.id, false],
      [first.id, true],
    ]);
    expect(JSON.stringify(shown)).not.toContain(tokenOf(first));
    await revokeLink(sara, first.id);
    expect(await attemptOf(begun.attemptId)).toMatchObject({ outcome: "cancelled", troubleCode: "link_revoked" });
    await expect(start(at, await browser.actor(), "square")).rejects.toEqual(refused(409));
    expect((await openLinks(sara, merchantId)).map(({ id }) => id)).toEqual([second.id]);
    await expect(revokeLink(await aMerchant("No Staff"), second.id)).rejects.toEqual(refused(404));
  });

  it("staff cannot take one back while the platform is asked", async () => {
    const browser = await browserOf(await aLink(await makeMerchant("Under Way")));
    const actor = await browser.actor();
    const begun = await start(at, actor, "square");
    await receiveAnswer("square", await approve(at, "square", begun.url, "S10"), begun.cookie, null, async () => actor);
    await database().execute(sql`update attempts set sent_at = app_now() where id = ${begun.attemptId}`);
    await expect(revokeLink(sara, browser.id)).rejects.toEqual(expect.objectContaining({ code: "link_in_use" }));
    expect(await browser.actor()).toMatchObject({ closed: null });
  });

  it("of two tabs of one browser, the one that came second leads back to what the first connected", async () => {
    const browser = await browserOf(await aLink(await makeMerchant("Two Tabs"), { returnUrl: "https://shop.example/back" }));
    const second = await start(at, await browser.actor(), "square");
    const { resultId } = await connectByLink(at, browser, "square", "S11");
    const shown = await showAttempt(await browser.actor(), second.attemptId);
    const back = await backFromLink(browser.id, shown);
    expect([shown.outcome, back?.href]).toEqual(["replaced", `https://shop.example/back?status=connected&connection=${resultId}`]);
  });

  it("a link that is to bring back what was ended meanwhile says so, to whoever opened it too", async () => {
    const owner = await aMerchant("Gone Goods");
    const { id } = await connected(at, owner, "square");
    const [link, unopened] = [
      await aLink(owner.merchants[0]?.id ?? "", { connectionId: id }),
      await aLink(owner.merchants[0]?.id ?? "", { connectionId: id }),
    ];
    const browser = await browserOf(link);
    await revoke(owner, { connectionId: id }, at.open);
    expect(await lookAtLink(tokenOf(unopened), nobody)).toEqual({ kind: "closed", why: "ended", link: null });
    expect(await openLink(tokenOf(unopened), nobody)).toBeNull();
    expect(await browser.actor()).toMatchObject({ closed: "ended" });
  });

  it("leads back to pages of the company's origin alone", async () => {
    const merchant = await makeMerchant("Blob Books");
    for (const returnUrl of ["blob:https://shop.example/abc", "https://shop.example.evil/", "javascript:alert(1)//https://shop.example/"])
      await expect(aLink(merchant, { returnUrl })).rejects.toMatchObject({ status: 422 });
  });

  it("a link that has run out or was taken back opens nothing and says which", async () => {
    const merchantId = await makeMerchant("Late Lamps");
    const [late, taken] = [await aLink(merchantId, { livesS: 300 }), await aLink(merchantId)];
    await revokeLink(sara, taken.id);
    expect(await lookAtLink(tokenOf(taken), nobody)).toEqual({ kind: "closed", why: "revoked", link: null });
    await moveClock("301 seconds");
    expect(await lookAtLink(tokenOf(late), nobody)).toEqual({ kind: "closed", why: "expired", link: null });
    expect([await openLink(tokenOf(late), nobody), await openLink(tokenOf(taken), nobody)]).toEqual([null, null]);
    await expect(revokeLink(sara, late.id)).rejects.toEqual(refused(409));
  });

  it("links are forgotten a month after their end", async () => {
    const link = await aLink(await makeMerchant("Forgetful"), { livesS: 300 });
    await moveClock("30 days");
    await forgetLinks(database());
    expect(await lookAtLink(tokenOf(link), nobody)).not.toBeNull();
    await moveClock("10 minutes");
    await forgetLinks(database());
    expect(await lookAtLink(tokenOf(link), nobody)).toBeNull();
  });
});
