import { expect, it } from "vitest";
import type { Io, Provider } from "@/lib/providers/contract";
import { type Fault, withFaults } from "@/tests/simulators/faults";
import { consent, failure, ioOf } from "./contract-steps";
import { approveAt } from "./worlds/approve-at";
import type { ProviderWorld } from "./worlds/world";

/** What holds for every provider that sends the merchant away and gets a code back. */
export function redirectSuite(world: () => ProviderWorld): void {
  const provider = (w: ProviderWorld) => w.provider as Extract<Provider, { kind: "redirect" }>;

  it("sends the browser to the host that it names, with our state and no secret", async () => {
    const w = world();
    const { url, state } = await consent(w, provider(w), ioOf(w));
    expect(new URL(url).host).toBe(provider(w).host);
    expect(new URL(url).searchParams.getAll("state")).toEqual([state]);
    for (const secret of w.simulator.ledger.secrets) expect(url.includes(secret)).toBe(false);
  });

  it("S-22 a code is good once", async () => {
    const w = world();
    const io = ioOf(w);
    const { url, answer } = await consent(w, provider(w), io);
    const query = await w.approve(url);
    await provider(w).exchange(answer(query), io);
    expect((await failure(w, provider(w).exchange(answer(query), io)))?.trouble).toBe("declined");
  });

  it("a code that nobody issued is declined, not our fault nor the grant's", async () => {
    const w = world();
    const { state, answer } = await consent(w, provider(w), ioOf(w));
    const approved = await w.approve((await consent(w, provider(w), ioOf(w))).url);
    const forged = new URLSearchParams(
      [...approved].map(([key, value]) => [key, key === "code" ? "never-issued" : key === "state" ? state : value]),
    );
    expect((await failure(w, provider(w).exchange(answer(forged), ioOf(w))))?.trouble).toBe("declined");
  });

  it("C-02 C-14 a no is read as denied, or as nothing where the platform sends nothing", async () => {
    const w = world();
    const { url } = await consent(w, provider(w), ioOf(w));
    const opened = await w.simulator.handle(new Request(url, { redirect: "manual" }));
    const query = await approveAt(w.simulator, opened.headers.get("location") ?? url, undefined, "deny");
    const silent = !query.has("error") && !query.has("code");
    expect(provider(w).readAnswer(query)).toEqual(silent ? { kind: "nothing" } : { kind: "error", outcome: "denied" });
  });

  it("C-14 S-16 a valid state with nothing beside it is nothing, and an error wins over a code", () => {
    const w = world();
    expect(provider(w).readAnswer(new URLSearchParams({ state: "s" }))).toEqual({ kind: "nothing" });
    expect(provider(w).readAnswer(new URLSearchParams({ state: "s", code: "" }))).toEqual({ kind: "nothing" });
    const both = provider(w).readAnswer(new URLSearchParams({ state: "s", code: "c", error: "access_denied" }));
    expect(both).toEqual({ kind: "error", outcome: "denied" });
    expect(w.simulator.ledger.calls).toEqual([]);
  });

  const lost: [string, Fault][] = [
    ["HTML (X-06)", { kind: "html" }],
    ["500 (X-03)", { kind: "status", status: 500 }],
    ["half an answer (X-05)", { kind: "body", body: '{"access_token":"CNRY-half' }],
    ["a lost answer (X-04)", { kind: "reset-after-issuing" }],
  ];
  it.each(lost)("%s on the exchange leaves the code in doubt, and it is sent once", async (_what, fault) => {
    const w = world();
    const io = ioOf(w);
    const { url, answer } = await consent(w, provider(w), io);
    const query = await w.approve(url);
    const bodies: string[] = [];
    const faulty = withFaults(w.simulator, [fault]);
    const sending: Io = { ...io, fetch: spying(faulty, bodies) };
    expect((await failure(w, provider(w).exchange(answer(query), sending)))?.trouble).toBe("doubt");
    const code = query.get("code") ?? "";
    expect(bodies.filter((body) => body.includes(code) || new URLSearchParams(body).get("code") === code)).toHaveLength(1);
  });

  it("X-01 nothing sent on the exchange leaves the code good", async () => {
    const w = world();
    const io = ioOf(w);
    const { url, answer } = await consent(w, provider(w), io);
    const query = await w.approve(url);
    const refused = await failure(w, provider(w).exchange(answer(query), { ...io, fetch: ioOf(w, [{ kind: "unreachable" }]).fetch }));
    expect(refused?.trouble).toBe("transient");
    expect((await provider(w).exchange(answer(query), io)).renewal).not.toBeNull();
  });
}

function spying(handle: (request: Request) => Promise<Response>, bodies: string[]): Io["fetch"] {
  return async (url, init) => {
    const request = new Request(url, { redirect: "manual", ...init });
    bodies.push(await request.clone().text());
    return handle(request);
  };
}
