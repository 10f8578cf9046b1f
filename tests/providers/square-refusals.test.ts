import { beforeEach, describe, expect, test } from "vitest";
import type { Fault } from "@/tests/simulators/faults";
import { old, steps, v2 } from "./worlds/square-steps";

let t: ReturnType<typeof steps>;
beforeEach(() => {
  t = steps();
});

describe("three kinds of 401, and the rest", () => {
  test("by the platform's own acts: used code, expired code, foreign redirect, rotated secret (X-23), revoked seller", async () => {
    const first = await t.approved();
    await t.provider.exchange(first, t.io);
    expect(await t.trouble(t.provider.exchange(first, t.io))).toBe("declined code_refused");
    const second = await t.approved();
    t.pass(5 * 60_000);
    expect(await t.trouble(t.provider.exchange(second, t.io))).toBe("declined code_refused");
    expect(await t.trouble(t.provider.exchange({ ...(await t.approved()), redirectUri: "https://elsewhere.test/" }, t.io))).toBe(
      "declined code_refused",
    );
    const grant = await t.connected();
    await t.at.revokeAtPlatform("MLRIYADH00001");
    expect(await t.trouble(t.provider.refresh(grant, t.io))).toBe("reconnect refresh_refused");
    expect(await t.trouble(t.provider.inspect(grant, t.io))).toBe("reconnect access_refused");
    const answer = await t.approved();
    t.at.simulator.rotateClientSecret();
    expect(await t.trouble(t.provider.exchange(answer, t.io))).toBe("operator invalid_client");
    expect(await t.trouble(t.provider.refresh(grant, t.io))).toBe("operator invalid_client");
  });

  test.each([
    [old(401, "service.not_authorized", "Not Authorized"), "operator invalid_client", "operator invalid_client"],
    [v2(401, "UNAUTHORIZED", "Authorization code not found for app sq0idp"), "declined code_refused", "reconnect refresh_refused"],
    [old(401, "service.not_authorized", "Invalid refresh token"), "declined code_refused", "reconnect refresh_refused"],
    [old(400, "bad_request", "Invalid refresh token"), "declined code_refused", "reconnect refresh_refused"],
    [old(401, "oauth.revoked", "Token revoked"), "declined code_refused", "reconnect refresh_refused"],
    [v2(400, "MISSING_REQUIRED_PARAMETER", "client_secret", "client_secret"), "operator bad_request", "operator bad_request"],
    [v2(400, "INVALID_VALUE", "Unknown version", "Square-Version"), "operator bad_request", "operator bad_request"],
    [v2(400, "VALUE_TOO_LONG", "too long, client_secret", "code"), "declined code_refused", "transient bad_answer"],
    [v2(403, "APPLICATION_DISABLED"), "operator application_disabled", "operator application_disabled"],
    [v2(401, "CLIENT_DISABLED"), "operator application_disabled", "operator application_disabled"],
    [v2(403, "UNAUTHORIZED"), "declined code_refused", "transient bad_answer"],
    [v2(404, "NOT_FOUND"), "declined code_refused", "transient bad_answer"],
    [{ ...v2(429, "RATE_LIMITED"), headers: { "retry-after": "7" } }, "transient rate_limited", "transient rate_limited"],
    [v2(500, "INTERNAL_SERVER_ERROR"), "doubt http_500", "transient http_500"],
    [{ kind: "status", status: 503 }, "doubt http_503", "transient http_503"],
    [{ kind: "status", status: 307, headers: { location: "https://trap.test" } }, "doubt bad_answer", "transient bad_answer"],
    [{ kind: "unreachable" }, "transient unreachable", "transient unreachable"],
    [{ kind: "reset-after-issuing" }, "doubt no_whole_answer", "doubt no_whole_answer"],
  ] as [Fault, string, string][])("%j on a code and on a refresh token", async (fault, onCode, onRefresh) => {
    const answer = await t.approved();
    const grant = await t.connected();
    t.faults.push({ ...fault, match: "oauth2/token" });
    expect(await t.trouble(t.provider.exchange(answer, t.io))).toBe(onCode);
    expect(await t.trouble(t.provider.refresh(grant, t.io))).toBe(onRefresh);
  });

  test.each([
    [v2(401, "ACCESS_TOKEN_EXPIRED"), "transient session_ended"],
    [v2(401, "UNAUTHORIZED"), "transient session_ended"],
    [v2(401, "ACCESS_TOKEN_REVOKED"), "reconnect access_refused"],
    [old(401, "oauth.revoked", ""), "reconnect access_refused"],
    [v2(403, "APPLICATION_DISABLED"), "operator application_disabled"],
    [v2(400, "BAD_REQUEST"), "transient bad_answer"],
    [{ kind: "html" }, "transient bad_answer"],
    [v2(502, "API_ERROR"), "transient http_502"],
  ] as [Fault, string][])("%j on token/status", async (fault, expected) => {
    const grant = await t.connected();
    t.faults.push({ ...fault, match: "status" });
    expect(await t.trouble(t.provider.inspect(grant, t.io))).toBe(expected);
  });

  test("X-02: Retry-After is handed on", async () => {
    const grant = await t.connected();
    t.faults.push({ kind: "status", status: 429, headers: { "retry-after": "7" } });
    await expect(t.provider.refresh(grant, t.io)).rejects.toMatchObject({ detail: { retryAfterS: 7 } });
  });
});
