import { beforeEach, describe, expect, test } from "vitest";
import type { Fault } from "@/tests/simulators/faults";
import { answerOf, grantOf, rpc, steps } from "./worlds/noon-steps";

let t: ReturnType<typeof steps>;
beforeEach(() => {
  t = steps();
});

describe("refusals", () => {
  test("a used code is the person's matter, a rotated client secret the operator's (X-23)", async () => {
    const query = await t.approved();
    await t.provider.exchange(answerOf(query), t.io);
    expect(await t.trouble(t.provider.exchange(answerOf(query), t.io))).toBe("declined code_refused");
    t.at.simulator.rotateClientSecret();
    expect(await t.trouble(t.provider.exchange(answerOf(await t.approved()), t.io))).toBe("operator invalid_client");
  });

  test("the intermediate token is exchanged once; a second try is refused by the platform and ends in reconnect (X-16)", async () => {
    const first = await t.created();
    t.faults.push({ kind: "reset-after-issuing", match: "token/exchange", calls: 1 });
    expect(await t.trouble(t.provider.refresh(first, t.io))).toBe("doubt no_whole_answer");
    expect(await t.trouble(t.provider.refresh(first, t.io))).toBe("reconnect token_refused");
    expect(Object.values(t.at.simulator.state.accounts)).toHaveLength(2);
  });

  test.each([
    ["FAILED_PRECONDITION", "reconnect workflow_failed"],
    ["PERMISSION_DENIED", "reconnect workflow_failed"],
    ["UNAVAILABLE", "doubt workflow_unsettled"],
  ])("200 with a failed status %s is no success: %s", async (status, expected) => {
    const first = await t.created();
    t.at.simulator.switches.failedStatus = status;
    expect(await t.trouble(t.provider.refresh(first, t.io))).toBe(expected);
  });

  test("a success without a key leaves the outcome in doubt", async () => {
    const first = await t.created();
    t.at.simulator.switches.omitResult = true;
    expect(await t.trouble(t.provider.refresh(first, t.io))).toBe("doubt no_key_in_answer");
  });

  test("another flow's answer is stored, told and never used (X-22)", async () => {
    const first = await t.created("PRJ410001");
    const swapped = {
      status: { status_code: "OK" },
      project_code: "PRJ410002",
      result: { key_id: "k", private_key: "p", project_code: "PRJ900001" },
    };
    t.faults.push({ kind: "body", match: "token/exchange", body: JSON.stringify(swapped) });
    const issued = await t.provider.refresh(first, t.io);
    expect(issued.renewal).toContain('"privateKey":"p"');
    expect(await t.trouble(t.provider.refresh(grantOf(issued), t.io))).toBe("operator mixed_answer");
    // Its removal could end the other flow's connection.
    expect(await t.provider.revoke(grantOf(issued), t.io, "authorization")).toBe("local");
    expect(t.at.simulator.ledger.count("credential/remove")).toBe(0);
  });

  const hostile = [
    "",
    "<html>",
    "[]",
    "null",
    '"x"',
    "{",
    '{"a":',
    "\uFEFF",
    "undefined",
    "{}",
    '{"status":null}',
    '{"access_token":""}',
    '{"access_token":7}',
  ];
  test.each([...hostile, '{"access_token":"t","token_type":"mac"}', `{"result":${"[".repeat(9000)}${"]".repeat(9000)}}`])(
    "X-06, X-07, S-32: 200 with %j on a spending call is doubt",
    async (body) => {
      const query = await t.approved();
      const first = await t.created();
      t.faults.push({ kind: "body", match: "token/", body });
      expect(await t.trouble(t.provider.exchange(answerOf(query), t.io))).toBe("doubt bad_answer");
      expect(await t.trouble(t.provider.refresh(first, t.io))).toMatch(/^doubt (bad_answer|no_key_in_answer)$/);
      expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    },
  );

  test.each([
    [{ kind: "status", status: 500 }, "doubt http_500", "doubt http_500", "transient http_500"],
    [{ kind: "status", status: 503, headers: { "retry-after": "30" } }, "doubt http_503", "doubt http_503", "transient http_503"],
    [{ kind: "status", status: 429 }, "transient rate_limited", "transient rate_limited", "transient rate_limited"],
    [{ kind: "unreachable" }, "transient unreachable", "transient unreachable", "transient unreachable"],
    [
      { kind: "status", status: 307, headers: { location: "https://trap.test" } },
      "doubt bad_answer",
      "doubt bad_answer",
      "transient bad_answer",
    ],
    [rpc(400, "INVALID_ARGUMENT", "code expired"), "declined code_refused", "reconnect token_refused", "reconnect key_refused"],
    [rpc(401, "UNAUTHENTICATED", "unknown client_secret"), "operator invalid_client", "reconnect token_refused", "reconnect key_refused"],
    [rpc(403, "PERMISSION_DENIED"), "operator forbidden", "operator forbidden", "reconnect key_refused"],
    [{ kind: "body", body: "<html>", status: 403 }, "doubt bad_answer", "doubt bad_answer", "transient bad_answer"],
    [{ kind: "body", body: "{}", status: 404 }, "declined code_refused", "reconnect token_refused", "transient bad_answer"],
  ] as [Fault, string, string, string][])("%j on create, exchange, login", async (fault, onCreate, onExchange, onLogin) => {
    const query = await t.approved();
    const first = await t.created();
    const key = await t.keyed();
    t.faults.push({ ...fault, match: "token/" }, { ...fault, match: "login" });
    expect(await t.trouble(t.provider.exchange(answerOf(query), t.io))).toBe(onCreate);
    expect(await t.trouble(t.provider.refresh(first, t.io))).toBe(onExchange);
    expect(await t.trouble(t.provider.refresh(key, t.io))).toBe(onLogin);
  });

  test("a login that opens no session is no login", async () => {
    const key = await t.keyed();
    t.faults.push({ kind: "body", match: "login", body: "{}" });
    expect(await t.trouble(t.provider.refresh(key, t.io))).toBe("transient no_session");
  });

  test("inspect: a dead session asks for a new login, a removed key for the owner", async () => {
    const grant = await t.connected();
    t.at.simulator.endSessions();
    expect(await t.trouble(t.provider.inspect(grant, t.io))).toBe("transient session_ended");
    expect(await t.provider.inspect(grantOf(await t.provider.refresh(grant, t.io)), t.io)).toMatchObject({ id: "PRJ410001" });
    await t.at.revokeAtPlatform("PRJ410001");
    expect(await t.trouble(t.provider.inspect(grant, t.io))).toBe("transient session_ended");
    expect(await t.trouble(t.provider.refresh(grant, t.io))).toBe("reconnect key_refused");
  });
});
