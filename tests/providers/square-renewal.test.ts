import { beforeEach, describe, expect, test } from "vitest";
import type { Grant } from "@/lib/providers/contract";
import { square } from "@/lib/providers/square";
import { DAY_MS, steps, VERIFIER } from "./worlds/square-steps";

let t: ReturnType<typeof steps>;
beforeEach(() => {
  t = steps();
});

describe("renewal", () => {
  test("the code flow's refresh token comes back unchanged and keeps working (S-29)", async () => {
    const grant = await t.connected();
    const second = t.grantOf(await t.provider.refresh(grant, t.io), grant);
    expect(second.renewal).toBe(grant.renewal);
    expect(second.access).not.toBe(grant.access);
    t.at.simulator.switches.omitRefreshToken = true;
    const third = t.grantOf(await t.provider.refresh(second, t.io), second);
    expect(third.renewal).toBe(grant.renewal);
    t.pass(45 * DAY_MS);
    expect((await t.provider.refresh(third, t.io)).expiresAt).toEqual(t.later(30 * DAY_MS));
    expect(t.lastBody("/oauth2/token")).not.toHaveProperty("scopes");
  });

  test("PKCE: no secret, each refresh token once, its end is told", async () => {
    t = steps({ pkce: true });
    const grant = await t.connected();
    expect(t.lastBody("/oauth2/token")).toMatchObject({ code_verifier: VERIFIER });
    expect(t.lastBody("/oauth2/token")).not.toHaveProperty("client_secret");
    expect(t.provider.spendsOnce(grant)).toBe(true);
    const issued = await t.provider.refresh(grant, t.io);
    expect(t.lastBody("/oauth2/token")).not.toHaveProperty("client_secret");
    expect(issued.renewal).not.toBe(grant.renewal);
    expect(issued.renewableUntil).toEqual(t.later(90 * DAY_MS));
    expect(await t.trouble(t.provider.refresh(grant, t.io))).toBe("reconnect refresh_refused");
    expect(t.provider.spendsOnce(t.grantOf(issued))).toBe(true);
    t.faults.push({ kind: "html", match: "token" });
    expect(await t.trouble(t.provider.refresh(t.grantOf(issued), t.io))).toBe("doubt bad_answer");
    t.faults.splice(0, 1, { kind: "status", status: 500 });
    expect(await t.trouble(t.provider.refresh(t.grantOf(issued), t.io))).toBe("doubt http_500");
  });

  test("a grant of the PKCE flow stays one when the setting changes, and the other way round", async () => {
    t = steps({ pkce: true });
    const grant = await t.connected();
    const changed = square({ ...t.at.simulator.settings, pkce: false });
    expect(changed.spendsOnce(grant)).toBe(true);
    await changed.refresh(grant, t.io);
    expect(t.lastBody("/oauth2/token")).not.toHaveProperty("client_secret");
  });

  test("a grant wider than configured is narrowed, and stays narrow (S-14)", async () => {
    const wide = await t.connected();
    const narrow = square({ ...t.at.simulator.settings, scopes: ["ORDERS_READ"] });
    let grant = t.grantOf(await narrow.refresh(wide, t.io), wide);
    expect(grant.scopes).toEqual(["ORDERS_READ"]);
    grant = t.grantOf(await narrow.refresh(grant, t.io), grant);
    expect(t.lastBody("/oauth2/token")).toMatchObject({ scopes: ["ORDERS_READ"] });
    expect(await narrow.inspect(grant, t.io)).toMatchObject({ scopes: ["ORDERS_READ"] });
  });

  test("X-22: a renewal that answers with another seller's tokens is never kept", async () => {
    const grant = await t.connected();
    t.faults.push({
      kind: "body",
      match: "token",
      body: JSON.stringify({ access_token: "t", token_type: "bearer", merchant_id: "MLOTHER" }),
    });
    expect(await t.trouble(t.provider.refresh(grant, t.io))).toBe("operator mixed_answer");
  });

  test("without a refresh token RenewToken is tried, until Square's 15 days are over or the call is gone", async () => {
    const access = t.at.simulator.issueLegacy("MLRIYADH00001");
    const grant: Grant = { access, renewal: null, scopes: t.configuredScopes, expiresAt: null, accountId: "MLRIYADH00001" };
    expect(await t.trouble(t.provider.refresh(grant, t.io))).toBe("reconnect renew_refused");
    t.at.simulator.switches.renewWorks = true;
    t.pass(44 * DAY_MS);
    const issued = await t.provider.refresh(grant, t.io);
    expect(issued).toMatchObject({ renewal: null, expiresAt: t.later(30 * DAY_MS) });
    expect(t.sent.at(-1)?.headers.get("authorization")).toMatch(/^Client CNRY-/);
    t.pass(2 * DAY_MS);
    expect(await t.trouble(t.provider.refresh(grant, t.io))).toBe("reconnect renew_refused");
    await t.at.revokeAtPlatform("MLRIYADH00001");
    expect(await t.trouble(t.provider.refresh(t.grantOf(issued, grant), t.io))).toBe("reconnect renew_refused");
    t.at.simulator.rotateClientSecret();
    expect(await t.trouble(t.provider.refresh(grant, t.io))).toBe("operator invalid_client");
    expect(await t.trouble(t.provider.refresh({ ...grant, access: null }, t.io))).toBe("reconnect nothing_to_renew");
  });

  test("a grant with a refresh token never goes through RenewToken", async () => {
    t.at.simulator.switches.renewWorks = true;
    await t.provider.refresh(await t.connected(), t.io);
    expect(t.at.simulator.ledger.count("renew")).toBe(0);
  });
});
