import { beforeEach, describe, expect, test } from "vitest";
import { approveAt } from "./worlds/approve-at";
import { answerOf, consent, grantOf, rpc, steps } from "./worlds/noon-steps";

let t: ReturnType<typeof steps>;
beforeEach(() => {
  t = steps();
});

describe("connecting", () => {
  test("the consent address carries client_id and state only, once the integrator can sign in", async () => {
    const url = new URL(await t.provider.authorizationUrl(consent, t.io));
    expect([...url.searchParams.keys()].sort()).toEqual(["client_id", "state"]);
    expect(t.at.simulator.ledger.count("login", 200)).toBe(1);
  });

  test("a refused integrator key is known before the merchant leaves, and is the operator's matter", async () => {
    t.at.simulator.deactivateIntegrator();
    expect(await t.trouble(t.provider.authorizationUrl(consent, t.io))).toBe("operator key_refused");
  });

  test("the key file is there from the key on, and makes the same connection where it is brought back", async () => {
    const created = await t.created("PRJ410002");
    expect(t.provider.credentials?.(created)).toBeNull();
    const keyed = grantOf(await t.provider.refresh(created, t.io));
    const file = t.provider.credentials?.(keyed);
    expect(file).toMatchObject({ key_id: expect.stringMatching(/./), private_key: expect.stringContaining("PRIVATE KEY") });
    const brought = grantOf(await t.provider.adopt.issue({ key_file: JSON.stringify(file), project_code: "PRJ410002" }, t.io));
    expect(brought.renewal).toBe(keyed.renewal);
  });

  test("every step is a whole truth of its own: intermediate token, then key, then session (X-13, X-14)", async () => {
    const first = await t.created("PRJ410002");
    expect(first).toMatchObject({ access: null, scopes: ["listing.write", "order.read"] });
    expect(t.provider.spendsOnce(first)).toBe(true);
    const second = grantOf(await t.provider.refresh(first, t.io));
    expect(second.access).toBeNull();
    expect(t.provider.spendsOnce(second)).toBe(false);
    expect(t.lastBody("token/exchange")).toEqual({ access_token: JSON.parse(first.renewal ?? "").accessToken });
    expect(t.at.simulator.ledger.count("token/exchange")).toBe(1);
    const third = grantOf(await t.provider.refresh(second, t.io));
    expect(third.renewal).toBe(second.renewal);
    expect(t.lastBody("login")).toMatchObject({ default_project_code: "PRJ410002" });
    expect(await t.provider.inspect(third, t.io)).toEqual({ id: "PRJ410002", label: "PRJ410002" });
    expect(t.provider.headers(third)).toEqual({
      Cookie: expect.stringMatching(/^_npsid=CNRY-\S+; _nprt=CNRY-\S+$/),
      "User-Agent": expect.stringContaining("Latchkey/"),
    });
  });

  test("every call is JSON, names the caller and reaches no other host", async () => {
    await t.provider.inspect(await t.connected(), t.io);
    expect(t.sent.map((one) => one.path)).toEqual([
      "/identity/public/v1/api/login",
      "/identity/oauth/v1/token/create",
      "/identity/oauth/v1/token/exchange",
      "/identity/public/v1/api/login",
      "/identity/v1/whoami",
    ]);
    for (const one of t.sent) expect(one.headers.get("user-agent")).toContain("Latchkey/");
    for (const one of t.sent.filter((one) => one.body)) expect(one.headers.get("content-type")).toBe("application/json");
    expect(Object.keys(t.lastBody("token/create")).sort()).toEqual(["client_id", "client_secret", "code", "grant_type"]);
  });

  test("the intermediate token's end is told from its duration; a session's end only from its cookies (S-28)", async () => {
    const issued = await t.provider.exchange(answerOf(await t.approved()), t.io);
    expect(issued.renewableUntil).toEqual(new Date(t.at.now.value.getTime() + 3_600_000));
    const key = grantOf(await t.provider.refresh(grantOf(issued), t.io));
    expect((await t.provider.refresh(key, t.io)).expiresAt).toBeNull();
    t.at.simulator.switches.sessionMaxAgeS = 1320;
    expect((await t.provider.refresh(key, t.io)).expiresAt).toEqual(new Date(t.at.now.value.getTime() + 1_320_000));
  });

  test("a refusal that brings neither code nor error, and one that says so", async () => {
    const url = await t.provider.authorizationUrl(consent, t.io);
    expect(t.provider.readAnswer(await approveAt(t.at.simulator, url, undefined, "deny"))).toEqual({ kind: "nothing" });
    t.at.simulator.switches.denyWithError = true;
    expect(t.provider.readAnswer(await approveAt(t.at.simulator, url, undefined, "deny"))).toEqual({ kind: "error", outcome: "denied" });
    expect(t.provider.readAnswer(await approveAt(t.at.simulator, url))).toEqual({ kind: "code" });
  });

  test("a deeply nested credential is found; its own project may be the integrator's", async () => {
    t.at.simulator.switches.nestedResult = true;
    const grant = await t.connected("PRJ410003");
    expect(JSON.parse(grant.renewal ?? "")).toMatchObject({ projectCode: "PRJ410003", keyProjectCode: "PRJ900001", mixed: false });
  });
});

describe("the integrator's session (X-17)", () => {
  test("one login serves all flows", async () => {
    await t.created();
    await t.created();
    expect(t.at.simulator.ledger.count("login")).toBe(1);
  });

  test.each([
    ["rpcStatus", false, 401],
    ["a page", true, 401],
    ["a page with 200", true, 200],
  ])("a session that ended before the code was used does not burn the code: %s", async (_, page, status) => {
    const query = await t.approved();
    t.at.simulator.endSessions();
    Object.assign(t.at.simulator.switches, { htmlWhenSignedOut: page, htmlStatus: status });
    const first = grantOf(await t.provider.exchange(answerOf(query), t.io));
    t.at.simulator.endSessions();
    expect((await t.provider.refresh(first, t.io)).renewal).toContain('"step":"key"');
    expect(t.at.simulator.ledger.count("login")).toBe(3);
  });

  test("a 401 under a live session is about the token and is not repeated", async () => {
    const first = await t.created();
    t.at.now.value = new Date(t.at.now.value.getTime() + 3_601_000);
    expect(await t.trouble(t.provider.refresh(first, t.io))).toBe("reconnect token_refused");
    expect(t.at.simulator.ledger.count("token/exchange")).toBe(1);
  });

  test("a page in front of everything proves nothing about the code: doubt (X-06)", async () => {
    const query = await t.approved();
    t.faults.push({ kind: "html" });
    expect(await t.trouble(t.provider.exchange(answerOf(query), t.io))).toBe("doubt bad_answer");
  });

  test("one re-login, never a loop", async () => {
    const query = await t.approved();
    t.faults.push({ ...rpc(401, "UNAUTHENTICATED"), match: "token/create" }, { ...rpc(401, "UNAUTHENTICATED"), match: "whoami" });
    expect(await t.trouble(t.provider.exchange(answerOf(query), t.io))).toBe("operator session_refused");
    expect(t.sent.filter((one) => one.path.includes("token/create"))).toHaveLength(2);
    expect(t.at.simulator.ledger.count("login")).toBe(2);
  });
});
