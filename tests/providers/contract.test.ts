import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Grant } from "@/lib/providers/contract";
import { registry } from "@/lib/providers/registry";
import type { Fault } from "@/tests/simulators/faults";
import { simulators } from "@/tests/simulators/registry";
import { credentialsSuite } from "./contract-credentials";
import { redirectSuite } from "./contract-redirect";
import { connect, exchanged, failure, firstFailure, ioOf, later, renewed, stored } from "./contract-steps";
import type { ProviderWorld } from "./worlds/world";
import { worlds } from "./worlds/worlds";

beforeEach(() => {
  vi.stubGlobal("fetch", () => {
    throw new Error("A provider reached for the global fetch");
  });
});

const names = Object.keys(worlds) as (keyof typeof worlds)[];

it("every platform has its provider, its simulator and its world, under one name", () => {
  expect(names.sort()).toEqual(Object.keys(registry).sort());
  expect(names).toEqual(Object.keys(simulators).sort());
});

describe.each(names)("%s", (name) => {
  const world = (): ProviderWorld => worlds[name]();

  it("keeps its id", () => {
    const w = world();
    expect([w.provider.id, w.simulator.id]).toEqual([name, name]);
  });

  it("connects: exchange, each step stored, access at the end, the same account twice", async () => {
    const w = world();
    const io = ioOf(w);
    const grant = await connect(w, io);
    expect(grant.accountId).toMatch(/^\S.*\S$/);
    expect((await w.provider.inspect(grant, io)).id).toBe(grant.accountId);
    const other = await connect(w, io);
    expect(other.accountId).toBe(grant.accountId);
  });

  it("gives a backend headers that are never empty, and that its platform takes", async () => {
    const w = world();
    const grant = await connect(w);
    const headers = Object.entries(w.provider.headers(grant));
    expect(headers.length).toBeGreaterThan(0);
    for (const [header, value] of headers) {
      expect(header).toMatch(/^[A-Za-z][A-Za-z-]*$/);
      expect(value).toMatch(/^[\x20-\x7e]+$/);
      expect(value).not.toMatch(/undefined|null|\[object/);
    }
    expect(() => new Headers(w.provider.headers(grant))).not.toThrow();
  });

  it("names where those headers are taken: a path joined to it is answered with them, and refused without", async () => {
    const w = world();
    const grant = await connect(w);
    const base = w.provider.apiUrl(grant) ?? "";
    expect(new URL(base).href.replace(/\/$/, "")).toBe(base);
    const ask = (headers: Record<string, string>) => ioOf(w).fetch(`${base}${w.apiPath}`, { headers });
    expect((await ask(w.provider.headers(grant))).status).toBe(200);
    expect((await ask({})).status).toBeGreaterThanOrEqual(400);
  });

  it("a grant of which no more than access is open still names its headers' platform, or reads its renewal itself", async () => {
    const w = world();
    const grant = await connect(w);
    let opened = 0;
    const lazy: Grant = {
      access: grant.access,
      get renewal() {
        opened += 1;
        return grant.renewal;
      },
      scopes: grant.scopes,
      expiresAt: grant.expiresAt,
      accountId: grant.accountId,
    };
    expect([w.provider.headers(lazy), w.provider.apiUrl(lazy)]).toEqual([w.provider.headers(grant), w.provider.apiUrl(grant)]);
    // Only credentials that say where a merchant's API lives are worth opening at a hand-out.
    expect(opened > 0).toBe(w.provider.kind === "credentials");
  });

  it("renews again and again, before and after access ran out", async () => {
    const w = world();
    const io = ioOf(w);
    let grant: Grant = await connect(w, io);
    for (let round = 0; round < 3; round += 1) {
      grant = await renewed(w, grant, io);
      expect(grant.access).not.toBeNull();
      expect((await w.provider.inspect(grant, io)).id).toBe(grant.accountId);
      if (round === 1) later(w, grant);
    }
  });

  it("tells when access ends by the platform's clock, and a policy that fits", async () => {
    const w = world();
    const grant = await connect(w);
    if (grant.expiresAt !== null) expect(grant.expiresAt.getTime()).toBeGreaterThan(w.now.value.getTime());
    const policy = w.provider.policy(grant.renewal !== null);
    expect(["refresh_token", "on_demand", "static_key", "none"]).toContain(policy.kind);
    if (policy.kind !== "refresh_token") expect([policy.renewAfter, policy.lateAfter]).toEqual([null, null]);
    expect(typeof w.provider.spendsOnce(grant)).toBe("boolean");
  });

  const passing: [string, Fault][] = [
    ["HTML", { kind: "html" }],
    ["an empty 200", { kind: "status", status: 200 }],
    ["broken JSON", { kind: "body", body: '{"access_token":"CNRY-half' }],
    ["a JSON array", { kind: "body", body: "[]" }],
    ["null", { kind: "body", body: "null" }],
    ["500", { kind: "status", status: 500, body: "CNRY-oops" }],
    ["503 with Retry-After", { kind: "status", status: 503, headers: { "retry-after": "3" } }],
    ["429", { kind: "status", status: 429, headers: { "retry-after": "7" } }],
    ["a redirect", { kind: "status", status: 307, headers: { location: "https://trap.example/" } }],
    ["nothing reached", { kind: "unreachable" }],
    ["a lost answer", { kind: "reset-after-issuing" }],
  ];
  it.each(passing)("I5 %s on a refresh is never the merchant's matter, and never a crash", async (what, fault) => {
    const w = world();
    const grant = await connect(w);
    later(w, grant);
    const io = ioOf(w, [fault]);
    const error = await failure(w, w.provider.refresh(grant, io));
    expect(error, what).not.toBeNull();
    expect(["transient", "doubt"]).toContain(error?.trouble);
    if (what === "429") expect([error?.trouble, (error?.detail.retryAfterS ?? 0) >= 7]).toEqual(["transient", true]);
    if (what === "nothing reached") expect(error?.trouble).toBe("transient");
    const proof = await failure(w, w.provider.inspect(grant, ioOf(w, [fault])));
    if (proof !== null) expect(["transient", "doubt"]).toContain(proof.trouble);
  });

  it("the merchant's removal at the platform is seen, and only the owner can mend it", async () => {
    const w = world();
    const io = ioOf(w);
    const grant = await connect(w, io);
    await w.revokeAtPlatform(grant.accountId ?? "");
    later(w, grant);
    expect((await firstFailure(w, grant, io))?.trouble).toBe("reconnect");
  });

  it("a secret of ours that the platform no longer takes is the operator's matter", async () => {
    const w = world();
    if (!w.rotateClientSecret) {
      // Where the secret is the merchant's own there is none of ours to lose.
      expect(w.provider.kind).toBe("credentials");
      return;
    }
    const grant = await connect(w);
    w.rotateClientSecret();
    later(w, grant);
    const io = ioOf(w);
    const errors = [await firstFailure(w, grant, io), await failure(w, exchanged(w, io))].map((error) => error?.trouble ?? null);
    expect(errors).toContain("operator");
    expect(errors.every((trouble) => trouble === null || trouble === "operator")).toBe(true);
  });

  it("revokes, or says that a person must; what is revoked works no more", async () => {
    const w = world();
    const io = ioOf(w);
    const grant = await connect(w, io);
    const told = await w.provider.revoke(grant, io, "authorization");
    expect(["remote", "local"]).toContain(told);
    const after = await firstFailure(w, grant, io);
    if (told === "remote") expect(after?.trouble).toBe("reconnect");
    const again = await failure(w, w.provider.revoke(grant, io, "authorization"));
    expect(again, "a revoke may be repeated").toBeNull();
  });

  it("V-02 a platform that is down has not revoked", async () => {
    const w = world();
    const grant = await connect(w);
    if ((await w.provider.revoke(grant, ioOf(w), "authorization")) === "local") return;
    const fresh = await connect(w);
    const down = await failure(w, w.provider.revoke(fresh, ioOf(w, [{ kind: "status", status: 503 }]), "authorization"));
    expect(down?.trouble).toBe("transient");
  });

  it("grants brought by an admin: an empty form is refused by field", async () => {
    const w = world();
    const { adopt } = w.provider;
    expect(adopt.fields.length).toBeGreaterThan(0);
    const error = await failure(w, adopt.issue({}, ioOf(w)));
    expect(error?.trouble).toBe("declined");
    const known = adopt.fields.map((field) => field.name);
    expect(Object.keys(error?.detail.fields ?? {}).length).toBeGreaterThan(0);
    for (const field of Object.keys(error?.detail.fields ?? {})) expect(known).toContain(field);
  });

  it("shares nothing between two instances", async () => {
    const [first, second] = [world(), world()];
    const grant = await connect(first);
    expect(second.simulator.ledger.calls).toEqual([]);
    await connect(second);
    const refused = await failure(
      second,
      second.provider.refresh(grant, ioOf(second)).then((issued) => second.provider.inspect(stored(issued, grant), ioOf(second))),
    );
    expect(refused).not.toBeNull();
  });

  if (world().provider.kind === "redirect") redirectSuite(world);
  else credentialsSuite(world);
});
