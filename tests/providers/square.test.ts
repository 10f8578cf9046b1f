import { beforeEach, describe, expect, test } from "vitest";
import { square } from "@/lib/providers/square";
import { approveAt } from "./worlds/approve-at";
import { DAY_MS, REDIRECT, steps } from "./worlds/square-steps";

let t: ReturnType<typeof steps>;
beforeEach(() => {
  t = steps();
});

describe("the consent address", () => {
  test("forces a sign-in in production, names the redirect, the scopes and a supported locale", async () => {
    const query = Object.fromEntries(new URL(await t.addressOf()).searchParams);
    expect(query).toEqual({
      client_id: "sq0idp-LatchkeySimulated",
      scope: "MERCHANT_PROFILE_READ ORDERS_READ ITEMS_READ",
      state: "s".repeat(43),
      redirect_uri: REDIRECT,
      session: "false",
      locale: "en-US",
    });
  });

  test("a language that Square does not speak is not sent; one it speaks is", async () => {
    expect(new URL(await t.addressOf("ar")).searchParams.has("locale")).toBe(false);
    expect(new URL(await t.addressOf("fr-CA")).searchParams.get("locale")).toBe("fr-CA");
  });

  test("the sandbox has an environment and no forced sign-in", async () => {
    t = steps({ origin: "https://connect.squareupsandbox.com" });
    expect(t.provider.environment).toBe("sandbox");
    expect(new URL(await t.addressOf()).searchParams.has("session")).toBe(false);
    expect((await t.connected()).accountId).toBe("MLRIYADH00001");
  });

  test("production credentials are unknown in the sandbox: the operator's matter", async () => {
    t = steps({ origin: "https://connect.squareupsandbox.com" });
    const answer = await t.approved();
    const { clientId, secret } = t.at.simulator.state.apps.production;
    const mixed = square({ ...t.at.simulator.settings, clientId, clientSecret: secret });
    expect(await t.trouble(mixed.exchange(answer, t.io))).toBe("operator invalid_client");
  });

  test("answers: code, denial, nothing", async () => {
    expect(t.provider.readAnswer((await t.approved()).query)).toEqual({ kind: "code" });
    expect(t.provider.readAnswer(await approveAt(t.at.simulator, await t.addressOf(), undefined, "deny"))).toEqual({
      kind: "error",
      outcome: "denied",
    });
    expect(t.provider.readAnswer(new URLSearchParams("state=s"))).toEqual({ kind: "nothing" });
  });
});

describe("exchange and proof", () => {
  test("JSON with the secret in the body and no Authorization; the end is absolute", async () => {
    const issued = await t.provider.exchange(await t.approved(), t.io);
    const request = t.sent.at(-1);
    expect(request?.headers.get("authorization")).toBeNull();
    expect(request?.headers.get("content-type")).toBe("application/json");
    expect(request?.headers.get("square-version")).toBe("2026-09-16");
    expect(Object.keys(JSON.parse(request?.body ?? "")).sort()).toEqual([
      "client_id",
      "client_secret",
      "code",
      "grant_type",
      "redirect_uri",
    ]);
    expect(issued).toMatchObject({ expiresAt: t.later(30 * DAY_MS), renewableUntil: null, scopes: null });
    expect(t.provider.spendsOnce(t.grantOf(issued))).toBe(false);
  });

  test("token/status names scopes and seller; the name comes from the profile", async () => {
    const grant = await t.connected("MLAMAL0000003");
    expect(await t.provider.inspect(grant, t.io)).toEqual({
      id: "MLAMAL0000003",
      label: "متجر الأمل",
      scopes: ["MERCHANT_PROFILE_READ", "ORDERS_READ", "ITEMS_READ"],
      expiresAt: t.later(30 * DAY_MS),
    });
    expect(t.provider.headers(grant)).toEqual({ Authorization: `Bearer ${grant.access}` });
  });

  test("the name is never worth a failure, and not asked for without the permission", async () => {
    const grant = await t.connected();
    t.faults.push({ kind: "status", status: 500, match: "merchants" });
    expect(await t.provider.inspect(grant, t.io)).toMatchObject({ id: "MLRIYADH00001", label: null });
    t = steps({}, { scopes: ["ORDERS_READ"] });
    await t.connected();
    expect(t.at.simulator.ledger.count("merchants/me")).toBe(0);
  });

  test("X-11: hostile names are cleaned", async () => {
    const grant = await t.connected();
    t.faults.push({
      kind: "body",
      match: "merchants",
      body: JSON.stringify({ merchant: { business_name: `a\u0000b\u202E\uD800${"x".repeat(5000)}` } }),
    });
    const { label } = await t.provider.inspect(grant, t.io);
    expect(label).toHaveLength(200);
    expect(label).toMatch(/^a b x+$/);
  });

  test("X-22: another application's or another seller's token raises an alarm", async () => {
    const grant = await t.connected();
    const status = { scopes: [], client_id: "sq0idp-other", merchant_id: "MLRIYADH00001" };
    t.faults.push({ kind: "body", match: "status", calls: 1, body: JSON.stringify(status) });
    expect(await t.trouble(t.provider.inspect(grant, t.io))).toBe("operator foreign_client");
    t.faults.push({
      kind: "body",
      match: "status",
      body: JSON.stringify({ ...status, client_id: t.at.simulator.settings.clientId, merchant_id: "MLOTHER" }),
    });
    expect(await t.trouble(t.provider.inspect(grant, t.io))).toBe("operator mixed_answer");
  });

  test("a grant without a refresh token is stored as such (X-09)", async () => {
    t.at.simulator.switches.omitRefreshToken = true;
    expect((await t.provider.exchange(await t.approved(), t.io)).renewal).toBeNull();
    expect(t.provider.policy(false)).toMatchObject({ graceS: 15 * 86_400 });
    expect(t.provider.policy(true)).toEqual({ kind: "refresh_token", renewAfter: { s: 604_800 }, lateAfter: { s: 691_200 }, graceS: null });
  });

  test.each(["2026-13-45T00:00:00Z", "soon", 3600, null, -1, "9999-01-01T00:00:00Z"])(
    "X-08: an end %j is unknown and the token is kept",
    async (expires_at) => {
      const answer = await t.approved();
      t.faults.push({
        kind: "body",
        match: "token",
        body: JSON.stringify({ access_token: "t", token_type: "Bearer", expires_at, merchant_id: "M", refresh_token: "r" }),
      });
      expect(await t.provider.exchange(answer, t.io)).toMatchObject({
        access: "t",
        expiresAt: null,
        renewal: expect.stringContaining('"refreshToken":"r"'),
      });
    },
  );

  const HOSTILE = [
    "",
    "<html>",
    "[]",
    "null",
    "{",
    '{"access_token":',
    '{"access_token":7,"token_type":"bearer"}',
    '{"access_token":"","token_type":"bearer"}',
    "{}",
  ];
  test.each([
    ...HOSTILE,
    '{"access_token":"a\\nb","token_type":"bearer"}',
    '{"access_token":"t"}',
    '{"access_token":"t","token_type":"mac"}',
  ])("X-06, X-07, S-26: 200 with %j is doubt for a code", async (body) => {
    const answer = await t.approved();
    const grant = await t.connected();
    t.faults.push({ kind: "body", match: "token", body });
    expect(await t.trouble(t.provider.exchange(answer, t.io))).toBe("doubt bad_answer");
    expect(await t.trouble(t.provider.refresh(grant, t.io))).toBe("transient bad_answer");
    expect(await t.trouble(t.provider.inspect(grant, t.io))).toBe("transient bad_answer");
  });

  test.each([
    ['{"access_token":"t","token_type":"bearer","errors":[{"code":"UNAUTHORIZED"}]}', 200],
    ['{"access_token":"t","token_type":"bearer"}', 400],
  ])("X-10: an error wins over the token beside it: %s with %i", async (body, status) => {
    const answer = await t.approved();
    t.faults.push({ kind: "body", match: "token", body, status });
    expect(await t.trouble(t.provider.exchange(answer, t.io))).toBe("declined code_refused");
  });
});
