import { expect } from "vitest";
import type { Grant, Issued } from "@/lib/providers/contract";
import type { noon } from "@/lib/providers/noon";
import { ProviderError } from "@/lib/providers/provider-error";
import { type Fault, withFaults } from "@/tests/simulators/faults";
import { testIo } from "@/tests/support/test-io";
import { world } from "./noon";

export const consent = {
  state: "s".repeat(43),
  redirectUri: "https://latchkey.test/api/oauth/noon/callback",
  challenge: null,
  locale: "en",
};
export const grantOf = (issued: Issued): Grant => ({ ...issued, scopes: issued.scopes ?? [], accountId: null });
export const answerOf = (query: URLSearchParams) => ({ query, state: consent.state, redirectUri: consent.redirectUri, verifier: null });

export const rpc = (status: number, code: string, message = ""): Fault => ({
  kind: "body",
  status,
  body: JSON.stringify({ status_id: 3, status_code: code, message, details: [] }),
});

/** A world of its own with the ways through it: everything sent is kept, faults are added as they are wanted. */
export function steps() {
  const at = world();
  const provider = at.provider as ReturnType<typeof noon>;
  const faults: Fault[] = [];
  const sent: { path: string; headers: Headers; body: string }[] = [];
  const handle = withFaults(at.simulator, faults);
  const io = testIo(
    async (request) => {
      sent.push({ path: new URL(request.url).pathname, headers: request.headers, body: await request.clone().text() });
      return handle(request);
    },
    () => at.now.value,
  );
  const approved = async (store?: string) => at.approve(await provider.authorizationUrl(consent, io), store);
  const created = async (store?: string) => grantOf(await provider.exchange(answerOf(await approved(store)), io));
  const keyed = async (store?: string) => grantOf(await provider.refresh(await created(store), io));
  const connected = async (store?: string) => grantOf(await provider.refresh(await keyed(store), io));
  return {
    at,
    provider,
    faults,
    sent,
    io,
    approved,
    created,
    keyed,
    connected,
    lastBody: (part: string) => JSON.parse(sent.findLast((one) => one.path.includes(part))?.body ?? "null") as Record<string, unknown>,
    /** Consequence and code of the failure; it must not carry anything secret. */
    trouble: async (work: Promise<unknown>): Promise<string> => {
      const error = await work.then(
        () => null,
        (reason: unknown) => reason,
      );
      if (!(error instanceof ProviderError)) throw new Error(`No ProviderError but ${String(error)}`);
      for (const secret of at.simulator.ledger.secrets) expect(JSON.stringify([error.message, error.detail])).not.toContain(secret);
      return `${error.trouble} ${error.code}`;
    },
  };
}
