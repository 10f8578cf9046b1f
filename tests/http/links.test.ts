import { beforeEach, describe, expect, test, vi } from "vitest";
import { connectAction } from "@/app/(merchant)/connect/[provider]/actions";
import { finishAction } from "@/app/(merchant)/connect/result/[attempt]/actions";
import { makeLinkAction, takeBackAction } from "@/app/(staff)/support/[id]/link-actions";
import { POST } from "@/app/api/links/open/route";
import { GET } from "@/app/api/oauth/[provider]/callback/route";
import { fieldId } from "@/components/connect/field-id";
import { lookAtLink } from "@/lib/links/look-at-link";
import { openLinks } from "@/lib/links/open-links";
import type { NextWorld } from "@/tests/auth/next-world";
import { makeMerchant, makePerson } from "@/tests/auth/people";
import { useEnv } from "@/tests/auth/set-env";
import { aLink, tokenOf } from "@/tests/connections/link-world";
import { useDatabase } from "@/tests/support/database";
import { aMerchant, approve, attemptOf, connected, norceValues, staff } from "@/tests/support/journey";
import { BASE_URL } from "@/tests/support/platforms";
import { formOf, led } from "./actions";
import { destinationOf, flowAttempts, merchantWorld } from "./merchant-world";

const next = await vi.hoisted(async () => {
  const { NextWorld } = await import("@/tests/auth/next-world");
  return new NextWorld() as NextWorld;
});
vi.mock("next/headers", () => next.modules.headers);
vi.mock("next/cache", () => ({ refresh: () => undefined }));
vi.mock("next-intl/server", () => ({
  getTranslations: async () => (key: string) => key,
  getLocale: async () => "en-GB",
  getTimeZone: async () => "UTC",
}));

useEnv({ __NEXT_EXPERIMENTAL_AUTH_INTERRUPTS: "true", LATCHKEY_URL: BASE_URL });
useDatabase();
const { at, people, signIn, press } = merchantWorld(next);
const nobody = () => undefined;

const open = async (token: string, headers: Record<string, string> = {}) =>
  next.take(await POST(next.request("/api/links/open", { form: { token }, headers })));

beforeEach(() => next.jar.clear());

describe("POST /api/links/open", () => {
  test("303: to an address without the token, with a cookie that no script and no other host reads, in the link's language", async () => {
    const link = await aLink(await makeMerchant("Delta Toys"), { offer: "square", locale: "ar" });
    const answer = await open(tokenOf(link));
    expect([answer.status, answer.headers.get("location")]).toEqual([303, `/by-link/${link.id}/square`]);
    const [cookie = "", locale] = answer.headers.getSetCookie();
    const [pair = "", ...attributes] = cookie.split("; ");
    expect(pair).toMatch(new RegExp(`^__Host-latchkey\\.link\\.${link.id}=[\\w-]{43}$`));
    expect(attributes.filter((one) => !one.startsWith("Max-Age")).sort()).toEqual(["HttpOnly", "Path=/", "SameSite=Lax", "Secure"]);
    expect(locale).toContain("latchkey-locale=ar");
    // Again in the same browser: on to the same place, and no cookie is written anew.
    const again = await open(tokenOf(link));
    expect([again.headers.get("location"), again.headers.getSetCookie()]).toEqual([`/by-link/${link.id}/square`, []]);
  });

  test("303: another browser is led to the page that explains, and keeps nothing", async () => {
    const link = await aLink(await makeMerchant("Delta Toys"));
    await open(tokenOf(link));
    next.jar.clear();
    const answer = await open(tokenOf(link));
    expect([answer.headers.get("location"), answer.headers.getSetCookie()]).toEqual([`/link/${tokenOf(link)}`, []]);
  });

  test("403: a form of another site binds nothing", async () => {
    const link = await aLink(await makeMerchant("Delta Toys"));
    expect((await open(tokenOf(link), { origin: "https://evil.test" })).status).toBe(403);
    expect(await lookAtLink(tokenOf(link), nobody)).toMatchObject({ kind: "open" });
  });

  test("a browser keeps the newest eight links", async () => {
    for (let count = 0; count < 10; count += 1) await open(tokenOf(await aLink(await makeMerchant(`Agency ${count}`))));
    expect([...next.jar.keys()].filter((name) => name.includes(".link."))).toHaveLength(8);
  });
});

describe("by a link", () => {
  test("start, callback and finishing belong to the link, whoever is signed in in that browser", async () => {
    const link = await aLink(await makeMerchant("Delta Toys"), { offer: "square" });
    await open(tokenOf(link));
    signIn(people.token);
    const html = await (await press("square", { link: link.id })).text();
    const attemptId = flowAttempts(next).at(-1) ?? "";
    expect(await attemptOf(attemptId)).toMatchObject({ userId: link.id });
    const query = await approve(at, "square", destinationOf(html));
    const answer = await GET(next.request(`/api/oauth/square/callback?${query}`), { params: Promise.resolve({ provider: "square" }) });
    const result = `/by-link/${link.id}/result/${attemptId}`;
    expect(answer.headers.get("location")).toBe(`${BASE_URL}${result}`);
    // The signed-in person has no part in it.
    await expect(finishAction(formOf({ attemptId }))).rejects.toThrow("NEXT_HTTP_ERROR_FALLBACK;404");
    expect(await led(finishAction(formOf({ attemptId, link: link.id })))).toBe(result);
    expect(await attemptOf(attemptId)).toMatchObject({ outcome: "connected", userId: link.id });
    // Used up: nothing more begins by it.
    const late = await press("square", { link: link.id });
    expect([late.status, late.headers.get("location")]).toEqual([303, `${BASE_URL}/by-link/${link.id}/closed`]);
  });

  test("pasted values lead to the link's own result page; another browser is led to what explains it", async () => {
    const link = await aLink(await makeMerchant("Paste Ltd"));
    await open(tokenOf(link));
    const form = formOf({ offer: "norce", link: link.id });
    for (const [name, value] of Object.entries(norceValues(at))) form.set(fieldId(name), value);
    const jar = new Map(next.jar);
    next.jar.clear();
    const before = { answer: 0, errors: [], values: {} };
    expect(await led(connectAction(before, form))).toBe(`/by-link/${link.id}/closed`);
    expect((await press("square", { link: link.id })).headers.get("location")).toBe(`${BASE_URL}/by-link/${link.id}/closed`);
    for (const [name, value] of jar) next.jar.set(name, value);
    expect(await led(connectAction(before, form))).toMatch(new RegExp(`^/by-link/${link.id}/result/att_\\w+$`));
  });
});

describe("staff's actions", () => {
  const actAs = async (role: "support" | "admin") => signIn((await makePerson(`${crypto.randomUUID()}@latchkey.example`, role)).token);
  const made = async (connectionId: string, purpose: string) => {
    const answer = await makeLinkAction(null, formOf({ connectionId, purpose }));
    return "url" in answer ? answer : expect.fail(JSON.stringify(answer));
  };

  test("S8: one press makes a link for this store, shown in that answer alone; taking it back says what came of it", async () => {
    const store = await connected(at, await aMerchant("Old Hand"), "ultracart");
    await actAs("support");
    const { url } = await made(store.id, "reconnect");
    const token = url.split("/").at(-1) ?? "";
    expect(await lookAtLink(token, nobody)).toMatchObject({ link: { merchantName: "Old Hand", store: {} } });
    const links = await openLinks(await staff("admin"), store.merchantId);
    expect(links).toMatchObject([{ connectionId: store.id }]);
    expect((links[0]?.expiresAt.getTime() ?? 0) - (links[0]?.createdAt.getTime() ?? 0)).toBe(72 * 3_600_000);
    await actAs("admin");
    const form = formOf({ connectionId: store.id, linkId: links[0]?.id ?? "" });
    expect(await led(takeBackAction(form))).toBe(`/support/${store.id}?links=taken_back#links`);
    expect(await led(takeBackAction(form))).toBe(`/support/${store.id}?links=link_over#links`);
    expect(await lookAtLink(token, nobody)).toMatchObject({ kind: "closed", why: "revoked" });
    expect(await lookAtLink((await made(store.id, "new")).url.split("/").at(-1) ?? "", nobody)).toMatchObject({ link: { store: null } });
  });

  test("403: a merchant's member makes none", async () => {
    signIn(people.token);
    await expect(makeLinkAction(null, formOf({ connectionId: "con_x", purpose: "new" }))).rejects.toThrow("NEXT_HTTP_ERROR_FALLBACK;403");
  });
});
