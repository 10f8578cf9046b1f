import { beforeEach, describe, expect, test } from "vitest";
import type { Grant } from "@/lib/providers/contract";
import type { Fault } from "@/tests/simulators/faults";
import { DAY_MS, old, steps, v2 } from "./worlds/square-steps";

let t: ReturnType<typeof steps>;
beforeEach(() => {
  t = steps();
});

describe("disconnecting", () => {
  test("by access token, with the Client header, for the whole authorization: siblings end too (V-05)", async () => {
    const grant = await t.connected();
    const sibling = await t.connected();
    expect(await t.provider.revoke(grant, t.io, "authorization")).toBe("remote");
    expect(t.lastBody("/oauth2/revoke")).toEqual({ client_id: t.at.simulator.settings.clientId, access_token: grant.access });
    expect(t.sent.at(-1)?.headers.get("authorization")).toBe(`Client ${t.at.simulator.settings.clientSecret}`);
    expect(await t.trouble(t.provider.refresh(sibling, t.io))).toBe("reconnect refresh_refused");
  });

  test("the narrower choice ends this token only", async () => {
    const grant = await t.connected();
    const sibling = await t.connected();
    expect(await t.provider.revoke(grant, t.io, "token")).toBe("remote");
    expect(t.lastBody("/oauth2/revoke")).toMatchObject({ revoke_only_access_token: true });
    await t.provider.inspect(sibling, t.io);
    await t.provider.refresh(grant, t.io);
  });

  test("a token that ran out, or none, ends by seller instead; the narrower choice has nothing left to end (V-08)", async () => {
    const grant = await t.connected();
    t.pass(31 * DAY_MS);
    expect(await t.provider.revoke(grant, t.io, "token")).toBe("remote");
    expect(t.at.simulator.ledger.count("revoke")).toBe(1);
    const { renewal } = await t.provider.refresh(grant, t.io);
    expect(await t.provider.revoke({ ...grant, renewal }, t.io, "authorization")).toBe("remote");
    expect(t.lastBody("/oauth2/revoke")).toEqual({ client_id: t.at.simulator.settings.clientId, merchant_id: "MLRIYADH00001" });
    expect(await t.trouble(t.provider.refresh(grant, t.io))).toBe("reconnect refresh_refused");
    const other = await t.connected("MLJEDDAH00002");
    expect(await t.provider.revoke({ ...other, access: null }, t.io, "token")).toBe("remote");
    await t.provider.inspect(other, t.io);
    expect(await t.provider.revoke({ ...other, access: null, accountId: null }, t.io, "authorization")).toBe("remote");
    expect(await t.trouble(t.provider.inspect(other, t.io))).toBe("reconnect access_refused");
  });

  test.each(["404", "401", "200"])("V-03, V-04: revoked before is done, an unknown token (%s) too", async (answer) => {
    const grant = await t.connected();
    t.at.simulator.switches.unknownRevoke = answer;
    t.faults.push({ kind: "reset-after-issuing", match: "revoke", calls: 1 });
    expect(await t.trouble(t.provider.revoke(grant, t.io, "authorization"))).toBe("doubt no_whole_answer");
    expect(await t.provider.revoke(grant, t.io, "authorization")).toBe("remote");
    expect(await t.provider.revoke({ ...grant, access: "never issued" }, t.io, "authorization")).toBe("remote");
  });

  test.each([
    [{ kind: "body", body: '{"success":false}' }, "transient not_confirmed"],
    [{ kind: "body", body: "{}" }, "transient not_confirmed"],
    [{ kind: "html" }, "transient not_confirmed"],
    [{ kind: "status", status: 503 }, "transient http_503"],
    [v2(401, "UNAUTHORIZED"), "transient not_confirmed"],
    [old(401, "service.not_authorized", "Not Authorized"), "operator invalid_client"],
    [old(400, "bad_request.invalid_parameter", "bad authorization header"), "operator bad_request"],
  ] as [Fault, string][])("%j is not a revocation", async (fault, expected) => {
    const grant = await t.connected();
    t.faults.push({ ...fault, match: "revoke" });
    expect(await t.trouble(t.provider.revoke(grant, t.io, "authorization"))).toBe(expected);
  });

  test("a public client has no secret to revoke with: left to a person", async () => {
    t = steps({ pkce: true }, { clientSecret: "" });
    expect(await t.provider.revoke(await t.connected(), t.io, "authorization")).toBe("local");
    expect(t.at.simulator.ledger.count("revoke")).toBe(0);
  });
});

describe("import by an admin", () => {
  const adopt = (values: Record<string, string>) => t.provider.adopt.issue(values, t.io);
  const refreshTokenOf = (grant: Grant) => (JSON.parse(grant.renewal ?? "{}") as { refreshToken: string }).refreshToken;

  test("a pair of tokens is renewed at once, which proves both", async () => {
    const grant = await t.connected();
    const issued = await adopt({ access_token: grant.access ?? "", refresh_token: refreshTokenOf(grant), migration: "none" });
    expect(issued.access).not.toBe(grant.access);
    expect(JSON.parse(issued.renewal ?? "")).toMatchObject({ refreshToken: refreshTokenOf(grant), merchantId: "MLRIYADH00001" });
    t.pass(31 * DAY_MS);
    expect((await adopt({ access_token: grant.access ?? "", refresh_token: refreshTokenOf(grant) })).expiresAt).toEqual(
      t.later(30 * DAY_MS),
    );
  });

  test("a legacy token: as it is, migrated as often as asked, or renewed after its end", async () => {
    const access_token = t.at.simulator.issueLegacy("MLRIYADH00001");
    expect(await adopt({ access_token, migration: "none" })).toEqual({
      access: access_token,
      renewal: null,
      expiresAt: t.later(30 * DAY_MS),
      scopes: t.configuredScopes,
    });
    const migrated = await adopt({ access_token, migration: "migration_token" });
    expect(t.lastBody("/oauth2/token")).toMatchObject({ grant_type: "migration_token", migration_token: access_token });
    await adopt({ access_token, migration: "migration_token" });
    await t.provider.refresh(t.grantOf(migrated), t.io);
    t.pass(40 * DAY_MS);
    t.at.simulator.switches.renewWorks = true;
    expect((await adopt({ access_token })).expiresAt).toEqual(t.later(30 * DAY_MS));
  });

  test("what does not fit is said at its field", async () => {
    const riyadh = await t.connected("MLRIYADH00001");
    const jeddah = await t.connected("MLJEDDAH00002");
    const refused = (fields: Record<string, string>) => ({ trouble: "declined", detail: { fields } });
    const access_token = riyadh.access ?? "";
    await expect(adopt({})).rejects.toMatchObject(refused({ access_token: "required" }));
    await expect(adopt({ access_token: "two words" })).rejects.toMatchObject(refused({ access_token: "bad_characters" }));
    await expect(adopt({ access_token: "line\nend" })).rejects.toMatchObject(refused({ access_token: "bad_characters" }));
    await expect(adopt({ access_token: "nonsense" })).rejects.toMatchObject(refused({ access_token: "renew_refused" }));
    await expect(adopt({ access_token: "nonsense", migration: "migration_token" })).rejects.toMatchObject(
      refused({ access_token: "token_refused" }),
    );
    await expect(adopt({ access_token, refresh_token: "nonsense" })).rejects.toMatchObject(refused({ refresh_token: "refresh_refused" }));
    await expect(adopt({ access_token, refresh_token: refreshTokenOf(jeddah) })).rejects.toMatchObject(
      refused({ refresh_token: "mixed_answer" }),
    );
    t.faults.push({ kind: "body", match: "status", body: JSON.stringify({ client_id: "other", merchant_id: "M" }) });
    await expect(adopt({ access_token })).rejects.toMatchObject(refused({ access_token: "foreign_client" }));
  });

  test("a troubled platform is no verdict on a token", async () => {
    t.faults.push({ kind: "status", status: 503 });
    expect(await t.trouble(adopt({ access_token: "t" }))).toBe("transient http_503");
  });
});
