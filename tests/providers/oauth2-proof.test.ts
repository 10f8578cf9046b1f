import { describe, expect, it } from "vitest";
import type { Fault } from "@/tests/simulators/faults";
import { world } from "./worlds/oauth2";
import { connect, consent, grantOf, recording, trouble } from "./worlds/oauth2-steps";

describe("proof", () => {
  const testUrl = "https://standard.example/api/me";

  it("asks the test URL first and takes the account from its JSON", async () => {
    const w = world({ testUrl });
    const io = recording(w);
    const grant = await connect(w, io);
    expect(await w.provider.inspect(grant, io)).toEqual({ id: "acct-riyadh", label: "Riyadh shop" });
    expect([w.simulator.ledger.count("test"), w.simulator.ledger.count("introspect"), w.simulator.ledger.count("userinfo")]).toEqual([
      1, 0, 0,
    ]);
    expect(io.requests.at(-1)?.headers.get("authorization")).toBe(`Bearer ${grant.access}`);
  });

  it("else introspection, named by userinfo", async () => {
    const w = world();
    const io = recording(w);
    const { answer } = await consent(w, io, "approve", "acct-dammam");
    const grant = grantOf(await w.provider.exchange(answer, io));
    expect(await w.provider.inspect(grant, io)).toEqual({
      id: "acct-dammam",
      label: "متجر الدمام",
      scopes: ["openid", "orders.read"],
      expiresAt: grant.expiresAt,
    });
    expect(w.simulator.ledger.count("introspect")).toBe(1);
  });

  it("else userinfo; a token without the openid scope is not judged by an announced one", async () => {
    const w = world();
    w.simulator.switches.noIntrospection = true;
    const grant = await connect(w);
    expect(await w.provider.inspect(grant, recording(w))).toEqual({ id: "acct-riyadh", label: "Riyadh shop" });
    expect(await w.provider.inspect({ ...grant, scopes: ["orders.read"] }, recording(w))).toEqual({
      id: null,
      label: null,
      unproved: true,
    });
  });

  it("an announced introspection that is kept for others proves nothing; one by hand that refuses us is ours to mend", async () => {
    const w = world();
    w.simulator.switches.noUserinfo = true;
    const grant = await connect(w);
    w.rotateClientSecret();
    expect(await w.provider.inspect(grant, recording(w))).toEqual({ id: null, label: null, unproved: true });
    const byHand = world({ introspectUrl: "https://standard.example/introspect" });
    const held = await connect(byHand);
    byHand.rotateClientSecret();
    expect(await trouble(byHand.provider.inspect(held, recording(byHand)))).toBe("operator: invalid_client");
  });

  const ids: [string, string | null][] = [
    ['{"sub":"s-1","id":2}', "s-1"],
    ['{"id":42}', "42"],
    ['{"id":4.5}', null],
    ['{"id":{"x":1}}', null],
    ['{"id":"a\\u0000b"}', null],
    ['{"id":" padded "}', null],
    ['{"account_id":"x"}', null],
    ['["x"]', null],
    ["fine", null],
  ];
  it.each(ids)("S-31 the account in %s", async (body, id) => {
    const w = world({ testUrl });
    const grant = { ...(await connect(w)), scopes: ["orders.read"] };
    expect((await w.provider.inspect(grant, recording(w, [{ match: "/api/me", kind: "body", body }]))).id).toBe(id);
  });

  const refused: [string, Fault, string, string][] = [
    ["401", { kind: "status", status: 401 }, "transient: session_ended", "reconnect: access_refused"],
    [
      "401 invalid_token",
      { kind: "status", status: 401, headers: { "www-authenticate": 'Bearer error="invalid_token"' } },
      "transient: session_ended",
      "reconnect: access_refused",
    ],
    [
      "403 insufficient_scope",
      { kind: "status", status: 403, headers: { "www-authenticate": 'Bearer error="insufficient_scope"' } },
      "reconnect: insufficient_scope",
      "reconnect: insufficient_scope",
    ],
    ["403", { kind: "status", status: 403 }, "transient: http_403", "transient: http_403"],
    ["302", { kind: "status", status: 302, headers: { location: "https://trap.example/" } }, "transient: http_302", "transient: http_302"],
    ["500", { kind: "status", status: 500 }, "transient: http_500", "transient: http_500"],
    ["a lost answer", { kind: "reset-after-issuing" }, "transient: no_whole_answer", "transient: no_whole_answer"],
  ];
  it.each(refused)("%s: a refused access needs its owner only where nothing renews it", async (_name, fault, renewable, bare) => {
    const w = world({ testUrl });
    const grant = await connect(w);
    const io = () => recording(w, [{ ...fault, match: "/api/me" }]);
    expect(await trouble(w.provider.inspect(grant, io()))).toBe(renewable);
    expect(await trouble(w.provider.inspect({ ...grant, renewal: null }, io()))).toBe(bare);
  });
});
