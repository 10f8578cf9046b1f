import { expect, it } from "vitest";
import type { Provider } from "@/lib/providers/contract";
import { connect, failure, ioOf } from "./contract-steps";
import type { ProviderWorld } from "./worlds/world";

/** What holds for every provider that takes the merchant's own credentials. */
export function credentialsSuite(world: () => ProviderWorld): void {
  const provider = (w: ProviderWorld) => w.provider as Extract<Provider, { kind: "credentials" }>;

  it("an empty form is refused by field, without a call", async () => {
    const w = world();
    const error = await failure(w, provider(w).exchange({}, ioOf(w)));
    expect(error?.trouble).toBe("declined");
    expect(Object.keys(error?.detail.fields ?? {}).length).toBeGreaterThan(0);
    expect(w.simulator.ledger.calls).toEqual([]);
  });

  it("each secret field with a wrong value is refused by the platform, never as ours, even while another merchant is connected", async () => {
    const w = world();
    await connect(w);
    for (const field of provider(w).fields.filter((one) => one.kind === "secret")) {
      const wrong = { ...w, credentials: { ...w.credentials, [field.name]: "wrong" } };
      const error = await failure(w, connect(wrong));
      expect(["declined", "reconnect"]).toContain(error?.trouble);
    }
  });
}
