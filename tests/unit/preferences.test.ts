import { describe, expect, it } from "vitest";
import { POST } from "@/app/api/preferences/route";

const origin = "https://latchkey.example";

function post(fields: Record<string, string>, headers: Record<string, string> = {}): Promise<Response> {
  return POST(
    new Request(`${origin}/api/preferences`, {
      method: "POST",
      body: new URLSearchParams(fields),
      headers: { host: "latchkey.example", "sec-fetch-site": "same-origin", ...headers },
    }),
  );
}

describe("POST /api/preferences", () => {
  it("keeps the language and leads back to the same page, query included", async () => {
    const answer = await post({ locale: "ar" }, { referer: `${origin}/connections?q=%D8%A7&page=2` });
    expect(answer.status).toBe(303);
    expect(answer.headers.get("location")).toBe("/connections?q=%D8%A7&page=2");
    expect(answer.headers.getSetCookie()).toEqual(["latchkey-locale=ar; Path=/; Max-Age=31536000; SameSite=Lax"]);
    expect(answer.headers.get("cache-control")).toBe("no-store");
  });

  it("keeps the theme", async () => {
    const answer = await post({ theme: "dark" }, { referer: `${origin}/` });
    expect(answer.headers.getSetCookie()).toEqual(["latchkey-theme=dark; Path=/; Max-Age=31536000; SameSite=Lax"]);
  });

  it("keeps whether single letters are shortcuts", async () => {
    const answer = await post({ shortcuts: "off" }, { referer: `${origin}/support` });
    expect(answer.headers.getSetCookie()).toEqual(["latchkey-shortcuts=off; Path=/; Max-Age=31536000; SameSite=Lax"]);
  });

  it("keeps whether times are shown in UTC", async () => {
    for (const times of ["utc", "own"]) {
      const answer = await post({ times }, { referer: `${origin}/audit?by=all` });
      expect(answer.headers.get("location")).toBe("/audit?by=all");
      expect(answer.headers.getSetCookie()).toEqual([`latchkey-times=${times}; Path=/; Max-Age=31536000; SameSite=Lax`]);
    }
  });

  it("sets nothing that it does not know", async () => {
    const answer = await post({ locale: "fr", theme: "sepia; Domain=evil", times: "mars" });
    expect(answer.status).toBe(303);
    expect(answer.headers.getSetCookie()).toEqual([]);
  });

  it.each([
    ["no referer", {}],
    ["another site", { referer: "https://evil.example/connections" }],
    ["no address at all", { referer: "javascript:alert(1)" }],
  ])("leads home from %s", async (_what, headers) => {
    expect((await post({ locale: "ar" }, headers as Record<string, string>)).headers.get("location")).toBe("/");
  });

  it.each([
    ["//evil.example/x", "/evil.example/x"],
    ["///evil.example", "/evil.example"],
    ["/\\evil.example", "/evil.example"],
  ])("never turns the path %s into another host", async (path, location) => {
    expect((await post({ locale: "ar" }, { referer: origin + path })).headers.get("location")).toBe(location);
  });

  it.each(["cross-site", "same-site", "none", ""])("S-84: refuses a form that came from %j", async (site) => {
    const answer = await post({ locale: "ar" }, { "sec-fetch-site": site });
    expect(answer.status).toBe(403);
    expect(answer.headers.getSetCookie()).toEqual([]);
  });

  it("refuses what is no form", async () => {
    const answer = await post({}, { "content-type": "application/json" });
    expect([answer.status, answer.headers.getSetCookie()]).toEqual([400, []]);
  });
});
