import { describe, expect, it } from "vitest";
import type { Attempt } from "@/db/attempts";
import { listOwn } from "@/lib/connections/list";
import { useHostileWorld } from "./support/hostile-world";
import { connectionsOf, everything, theRow } from "./support/rows";
import { forgetPace, keyCall, redirects, type Slug, slugs, tokenCall, upToTokens } from "./support/tampered";
import type { WireAnswer } from "./support/wire";

const world = useHostileWorld();
type Body = Record<string, unknown>;

/** One connect in which what a call says is changed on the way; `text` is what arrives. */
async function connectWith(slug: Slug, call: RegExp, change: (body: Body) => { body?: unknown; status?: number }): Promise<Attempt> {
  const { at, mona } = world;
  await forgetPace();
  const go = await upToTokens(at, mona, slug);
  at.list.push({
    call,
    with: (said): WireAnswer => {
      const { body, status } = change(JSON.parse(said) as Body);
      return { body: JSON.stringify(body), status };
    },
  });
  return go();
}

describe("X-09: success without a refresh token", () => {
  const none = [undefined, null, "", 7, false, {}, ["CNRY-in-a-list"]];

  it.each(["ultracart", "square", "oauth2"] as const)(
    "X-09: %s: stored as access that will end, whatever stands in its place",
    async (slug) => {
      for (const value of none) {
        let access: unknown;
        const attempt = await connectWith(slug, tokenCall[slug], ({ refresh_token: _, ...body }) => {
          access = body.access_token;
          return { body: { ...body, refresh_token: value } };
        });
        expect(["connected", "renewed"], String(value)).toContain(attempt.outcome);
        const { row, grant } = await theRow(world.mona);
        expect(row, String(value)).toMatchObject({ status: "active", renewal: null, renewable: false });
        expect(row.expiresAt, String(value)).not.toBeNull();
        expect(grant, String(value)).toMatchObject({ access, renewal: null });
      }
    },
  );

  it.each(["ultracart", "oauth2"] as const)("X-09: %s: the owner is warned before it ends", async (slug) => {
    await connectWith(slug, tokenCall[slug], ({ refresh_token: _, ...body }) => ({ body }));
    const { row } = await theRow(world.mona);
    const stateNow = async () => (await listOwn(world.mona)).rows[0]?.state;
    expect(await stateNow()).toBe("healthy");
    await world.pass(Math.ceil(((row.expiresAt?.getTime() ?? 0) - Date.now()) * 0.6) / 60_000);
    expect(await stateNow()).toBe("expiring_soon");
    await world.pass(Math.ceil(((row.expiresAt?.getTime() ?? 0) - Date.now()) * 0.5) / 60_000);
    expect(await stateNow()).toBe("needs_reconnect");
  });
});

describe("X-10: an error and a token in one answer", () => {
  const both: [what: string, change: (body: Body) => { body: unknown; status?: number }][] = [
    ["200 and a word", (body) => ({ body: { ...body, error: "invalid_grant" } })],
    ["200 and an unknown word", (body) => ({ body: { ...body, error: "sorry" } })],
    ["200 and a number", (body) => ({ body: { ...body, error: 13 } })],
    ["200 and true", (body) => ({ body: { ...body, error: true } })],
    ["200 and an object", (body) => ({ body: { ...body, error: { code: 400, message: "no" } } })],
    ["200 and a list", (body) => ({ body: { ...body, error: ["no"] } })],
    ["400 and a token", (body) => ({ body, status: 400 })],
    ["401 and a token", (body) => ({ body, status: 401 })],
    ["403 and a token", (body) => ({ body, status: 403 })],
    ["500 and a token", (body) => ({ body, status: 500 })],
  ];

  it.each(slugs)(`X-10: %s: the error wins in each of ${both.length}, nothing is stored as valid`, async (slug) => {
    for (const [what, change] of both) {
      let access = "";
      const attempt = await connectWith(slug, tokenCall[slug], (body) => {
        access = String(body.access_token);
        return change(body);
      });
      expect(["connected", "renewed", "different_account", "held_elsewhere"], what).not.toContain(attempt.outcome);
      expect(access.length, what).toBeGreaterThan(20);
      expect(await everything(), what).not.toContain(access);
      for (const row of await connectionsOf(world.mona)) expect(row, what).toMatchObject({ access: null });
      if (slug !== "norce") expect(attempt, what).toMatchObject({ status: "finished", answer: null });
    }
  });

  it("X-10: noon's second step: a status that is no success beside a key: the key is not used", async () => {
    for (const code of ["FAILED_PRECONDITION", "UNKNOWN", { code: 9 }, 9]) {
      const attempt = await connectWith("noon", keyCall, (body) => ({ body: { ...body, status: { status_code: code } } }));
      expect(["connected", "renewed"], String(code)).not.toContain(attempt.outcome);
      expect(await everything(), String(code)).not.toContain("PRIVATE KEY");
    }
  });

  it("X-10: square's own envelopes count as errors too", async () => {
    for (const envelope of [{ errors: [{ code: "UNAUTHORIZED" }] }, { type: "service.not_authorized", message: "Not Authorized" }]) {
      const attempt = await connectWith("square", tokenCall.square, (body) => ({ body: { ...body, ...envelope } }));
      expect(["refused", "timed_out", "our_fault", "unreachable"]).toContain(attempt.outcome);
    }
    expect(await connectionsOf(world.mona)).toEqual([]);
  });
});

describe("X-11/S-31: NUL, lone surrogates and 5 KB beside the token", () => {
  const dirt = ["\u0000", "\ud800", "\udfff\ud83d", "\u202e\u2066", "\u001b[2J\r\n", "\ufeff\ufffe", "\u0000".repeat(50)];
  const long = "متجر \u0000الأمل ".repeat(250);
  const names = [...dirt.map((one) => `Riyadh${one}shop`), long, `${"\ud800".repeat(2_000)}x`, dirt.join("")];
  const inText = (text: string) => text.replace(/[\p{Cc}\p{Cf}\p{Cs}]/gu, "");

  /** Every text of an answer is made dirty but those that a secret or a judgement hangs on. */
  async function stays(slug: Slug, call: RegExp, dirtied: (body: Body, name: string) => Body): Promise<void> {
    for (const name of names) {
      const attempt = await connectWith(slug, call, (body) => ({ body: dirtied(body, name) }));
      const what = JSON.stringify(name.slice(0, 20));
      expect(["connected", "renewed"], what).toContain(attempt.outcome);
      const { row, grant } = await theRow(world.mona);
      expect(grant.access ?? "", what).toContain("CNRY-");
      for (const text of [row.accountLabel, row.accountId, row.label, ...row.scopes]) {
        expect(text?.isWellFormed() ?? true, what).toBe(true);
        expect((text ?? "").length, what).toBeLessThan(450);
        expect(inText(text ?? ""), what).toBe(text ?? "");
      }
    }
  }

  const beside = (body: Body, name: string): Body => ({
    ...body,
    account_name: name,
    business: { name },
    [name]: name,
    error_description: name,
  });

  it.each(slugs)("X-11: %s: the secret is stored, whatever stands beside it", (slug) => stays(slug, tokenCall[slug], beside));

  it.each(redirects)("X-11: %s: scopes are cleaned", (slug) =>
    stays(slug, tokenCall[slug], (body, name) => ({
      ...body,
      ...(slug === "noon" ? { scopes: ["order.read", name, `a${name}b`] } : { scope: `openid item_read ${name} a${name}b` }),
    })),
  );

  it("X-11: square: the seller's name", () =>
    stays("square", /\/v2\/merchants\/me$/, (_, name) => ({ merchant: { business_name: name } })));

  it("X-11: square: scopes of the status call", () =>
    stays("square", /token\/status$/, (body, name) => ({ ...body, scopes: ["MERCHANT_PROFILE_READ", name] })));

  it("X-11: oauth2: the person's name and the scopes of an introspection", async () => {
    await stays("oauth2", /^\/userinfo$/, (body, name) => ({ ...body, name }));
    await stays("oauth2", /^\/introspect$/, (body, name) => ({ ...body, scope: `openid ${name}`, username: name }));
  });

  it("X-11: ultracart: a host's name among the objects", () =>
    stays("ultracart", /\/item\/items$/, (body, name) => ({ ...body, host_name: name, extra: [{ note: name }] })));

  it("X-11: norce: the names of client and application", () =>
    stays("norce", /GetApplication$/, (body, name) => ({ ...body, Name: name, Client: { Name: name } })));

  it("X-11: noon: the project's code beside the key", () =>
    stays("noon", keyCall, (body, name) => ({ ...body, oauth_request_id: name, note: { [name]: name } })));

  it.each(["square", "oauth2", "ultracart"] as const)("X-11: %s: a refresh token with such characters is kept as it came", async (slug) => {
    for (const one of [...dirt, "ن"]) {
      const token = `CNRY-refresh-${one}-end`;
      await connectWith(slug, tokenCall[slug], (body) => ({ body: { ...body, refresh_token: token } }));
      const { grant } = await theRow(world.mona);
      expect(Object.values(JSON.parse(grant.renewal ?? "{}") as Body), JSON.stringify(one)).toContain(token);
    }
  });

  it("X-11: noon: an intermediate token with such characters is kept as it came", async () => {
    const { at, mona } = world;
    for (const one of dirt) {
      const go = await upToTokens(at, mona, "noon");
      const token = `CNRY-intermediate-${one}-end`;
      at.list.push({ call: tokenCall.noon, with: () => ({ body: JSON.stringify({ access_token: token }) }) });
      at.list.push({ call: keyCall, with: { body: "<html>", status: 200 } });
      expect((await go()).status).toBe("issued");
    }
    const kept = (await everything()).split("\n").filter((line) => line.includes("CNRY-intermediate-"));
    expect(new Set(kept.map((line) => (JSON.parse(line) as Body).accessToken))).toEqual(
      new Set(dirt.map((one) => `CNRY-intermediate-${one}-end`)),
    );
  });

  it("X-11: ultracart: a refusal's text for customers is cleaned and short", async () => {
    for (const name of names) {
      const attempt = await connectWith("ultracart", tokenCall.ultracart, () => ({
        status: 400,
        body: { success: false, error: { error_code: 400, user_message: name, developer_message: name } },
      }));
      expect(attempt.status).toBe("finished");
      expect((attempt.customerText ?? "").length).toBeLessThanOrEqual(200);
      expect(inText(attempt.customerText ?? "")).toBe(attempt.customerText ?? "");
    }
  });
});
