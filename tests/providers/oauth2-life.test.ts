import { describe, expect, it } from "vitest";
import type { Fault } from "@/tests/simulators/faults";
import { world } from "./worlds/oauth2";
import { connect, grantOf, recording, trouble } from "./worlds/oauth2-steps";

describe("renewal", () => {
  it("S-29 keeps the old refresh token where none comes, and goes on", async () => {
    const w = world();
    w.simulator.switches.rotate = false;
    const io = recording(w);
    const first = await connect(w, io);
    const second = grantOf(await w.provider.refresh(first, io));
    expect(second.renewal).toBe(first.renewal);
    expect(grantOf(await w.provider.refresh(second, io)).access).not.toBe(second.access);
    const sent = new URLSearchParams(await (io.requests.at(-1) as Request).text());
    expect([...sent.keys()].sort()).toEqual(["grant_type", "refresh_token"]);
  });

  it("S-29 takes the rotated one, and a second use of the old one ends the family", async () => {
    const w = world();
    const io = recording(w);
    const first = await connect(w, io);
    const second = grantOf(await w.provider.refresh(first, io));
    expect(second.renewal).not.toBe(first.renewal);
    const third = grantOf(await w.provider.refresh(second, io));
    expect(await trouble(w.provider.refresh(first, io))).toBe("reconnect: refresh_refused");
    expect(await trouble(w.provider.refresh(third, io))).toBe("reconnect: refresh_refused");
  });

  const passing: [string, Fault, string][] = [
    ["HTML (R-12)", { kind: "html" }, "doubt: bad_answer"],
    ["broken JSON (R-12)", { kind: "body", body: "{" }, "doubt: bad_answer"],
    ["500", { kind: "status", status: 500 }, "doubt: http_500"],
    ["429", { kind: "status", status: 429, headers: { "retry-after": "30" } }, "transient: rate_limited"],
    ["404", { kind: "status", status: 404 }, "transient: http_404"],
    ["425", { kind: "status", status: 425 }, "transient: http_425"],
    ["401 in another dialect", { kind: "body", body: '{"message":"no"}', status: 401 }, "transient: http_401"],
    ["a word of its own", { kind: "body", body: '{"error":"account_on_hold"}', status: 400 }, "transient: refused_unclearly"],
    ["a reset after rotating (R-09)", { kind: "reset-after-issuing" }, "doubt: no_whole_answer"],
  ];
  it.each(passing)("I5 %s never asks the merchant to come back", async (_name, fault, expected) => {
    const w = world();
    const grant = await connect(w);
    expect(await trouble(w.provider.refresh(grant, recording(w, [{ ...fault, match: "/token" }])))).toBe(expected);
  });

  it("R-11 a secret that the platform no longer takes is ours to mend", async () => {
    const w = world();
    const grant = await connect(w);
    w.rotateClientSecret();
    for (const status of [401, 400]) {
      w.simulator.switches.clientRefusalStatus = status;
      expect(await trouble(w.provider.refresh(grant, recording(w)))).toBe("operator: invalid_client");
    }
  });

  it("the simulated platform goes on with what it wrote down", async () => {
    const w = world();
    const grant = await connect(w);
    const restarted = world({}, { state: JSON.parse(JSON.stringify(w.simulator.state)) });
    const next = grantOf(await restarted.provider.refresh(grant, recording(restarted)));
    expect(await trouble(restarted.provider.refresh(grant, recording(restarted)))).toBe("reconnect: refresh_refused");
    expect(await trouble(restarted.provider.inspect({ ...next, renewal: null }, recording(restarted)))).toBe("reconnect: access_refused");
  });

  it("without a refresh token only the owner can help", async () => {
    const w = world();
    w.simulator.switches.omitRefreshToken = true;
    const grant = await connect(w);
    expect(await trouble(w.provider.refresh(grant, recording(w)))).toBe("reconnect: no_refresh_token");
    expect(w.provider.policy(false)).toEqual({ kind: "none", renewAfter: null, lateAfter: null, graceS: 0 });
    expect(w.provider.policy(true)).toMatchObject({
      kind: "refresh_token",
      renewAfter: { share: 0.5 },
      lateAfter: { share: 0.75 },
      graceS: null,
    });
  });
});

describe("revocation", () => {
  it("ends the refresh token first, then the access, and may be repeated", async () => {
    const w = world();
    const io = recording(w);
    const grant = await connect(w, io);
    const before = io.requests.length;
    expect(await w.provider.revoke(grant, io, "authorization")).toBe("remote");
    const hints = await Promise.all(
      io.requests.slice(before).map(async (request) => new URLSearchParams(await request.text()).get("token_type_hint")),
    );
    expect(hints).toEqual(["refresh_token", "access_token"]);
    expect(await w.provider.revoke(grant, io, "authorization")).toBe("remote");
    expect(await trouble(w.provider.refresh(grant, io))).toBe("reconnect: refresh_refused");
    expect(await trouble(w.provider.inspect({ ...grant, renewal: null }, io))).toBe("reconnect: access_refused");
  });

  it("is local where the platform has no call for it", async () => {
    const w = world();
    w.simulator.switches.noRevocation = true;
    const io = recording(w);
    expect(await w.provider.revoke(await connect(w, io), io, "authorization")).toBe("local");
  });

  it("a platform that revokes no access tokens has still ended the grant; without a refresh token it has not", async () => {
    const w = world();
    w.simulator.switches.noAccessRevocation = true;
    const io = recording(w);
    expect(await w.provider.revoke(await connect(w, io), io, "authorization")).toBe("remote");
    w.simulator.switches.omitRefreshToken = true;
    expect(await w.provider.revoke(await connect(w, io), io, "authorization")).toBe("local");
  });

  const failing: [string, Fault, string][] = [
    ["503 (V-02)", { kind: "status", status: 503 }, "transient: http_503"],
    ["a lost answer (V-04)", { kind: "reset-after-issuing" }, "transient: no_whole_answer"],
    ["404", { kind: "status", status: 404 }, "transient: http_404"],
    ["invalid_client", { kind: "body", body: '{"error":"invalid_client"}', status: 401 }, "operator: invalid_client"],
  ];
  it.each(failing)("%s is not confirmed", async (_name, fault, expected) => {
    const w = world();
    const grant = await connect(w);
    expect(await trouble(w.provider.revoke(grant, recording(w, [{ ...fault, match: "/revoke" }]), "authorization"))).toBe(expected);
  });

  it.each([
    ['{"error":"invalid_token"}', 400],
    ["<p>gone</p>", 200],
  ])("V-03 a token that is already gone counts as ended: %s", async (body, status) => {
    const w = world();
    const grant = await connect(w);
    expect(await w.provider.revoke(grant, recording(w, [{ match: "/revoke", kind: "body", body, status }]), "authorization")).toBe(
      "remote",
    );
  });
});

describe("grants brought by an admin", () => {
  it("are taken as they are and renew like any other", async () => {
    const w = world();
    const io = recording(w);
    const { access, renewal } = await connect(w, io);
    const { refreshToken } = JSON.parse(renewal ?? "{}") as { refreshToken: string };
    const issued = await w.provider.adopt.issue({ access_token: access ?? "", refresh_token: refreshToken, expires_in: "60" }, io);
    expect(issued.expiresAt).toEqual(new Date(w.now.value.getTime() + 60_000));
    expect((await w.provider.refresh(grantOf(issued), io)).access).toMatch(/^CNRY-/);
    expect((await w.provider.adopt.issue({ access_token: "x" }, io)).renewal).toBeNull();
    const bare = await w.provider.adopt.issue({ refresh_token: "y", expires_in: "60" }, io);
    expect([bare.access, bare.expiresAt]).toEqual([null, null]);
  });

  it.each([
    [{}, { access_token: "required" }],
    [{ access_token: "a b" }, { access_token: "bad_characters" }],
    [{ access_token: "x", expires_in: "soon" }, { expires_in: "bad_number" }],
  ])("%o is refused by field", async (values, fields) => {
    const w = world();
    const refused = w.provider.adopt.issue(values as Record<string, string>, recording(w));
    await expect(refused).rejects.toMatchObject({ trouble: "declined", code: "bad_input", detail: { fields } });
  });
});
