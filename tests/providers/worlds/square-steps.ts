import { createHash } from "node:crypto";
import { expect } from "vitest";
import type { Grant, Issued } from "@/lib/providers/contract";
import { ProviderError } from "@/lib/providers/provider-error";
import { type SquareSettings, square } from "@/lib/providers/square";
import { type Fault, withFaults } from "@/tests/simulators/faults";
import { testIo } from "@/tests/support/test-io";
import { world } from "./square";

export const DAY_MS = 86_400_000;
export const REDIRECT = "https://latchkey.test/api/oauth/square/callback";
export const VERIFIER = "v".repeat(43);

export const v2 = (status: number, code: string, detail = "", field?: string): Fault => ({
  kind: "body",
  status,
  body: JSON.stringify({ errors: [{ category: "X", code, detail, field }] }),
});
export const old = (status: number, type: string, message: string): Fault => ({
  kind: "body",
  status,
  body: JSON.stringify({ type, message }),
});

/** A world of its own with the ways through it: everything sent is kept, faults are added as they are wanted. */
export function steps(options: { pkce?: boolean; origin?: string } = {}, settings: Partial<SquareSettings> = {}) {
  const at = world(options);
  const provider = square({ ...at.simulator.settings, pkce: options.pkce ?? false, ...settings });
  const faults: Fault[] = [];
  const sent: { url: URL; headers: Headers; body: string }[] = [];
  const handle = withFaults(at.simulator, faults);
  const io = testIo(
    async (request) => {
      sent.push({ url: new URL(request.url), headers: request.headers, body: await request.clone().text() });
      return handle(request);
    },
    () => at.now.value,
  );
  const later = (ms: number) => new Date(at.now.value.getTime() + ms);
  const challenge = provider.pkce ? createHash("sha256").update(VERIFIER).digest("base64url") : null;
  const addressOf = (locale = "en") => provider.authorizationUrl({ state: "s".repeat(43), redirectUri: REDIRECT, challenge, locale }, io);
  const answerOf = (query: URLSearchParams) => ({
    query,
    state: "s".repeat(43),
    redirectUri: REDIRECT,
    verifier: provider.pkce ? VERIFIER : null,
  });
  const approved = async (store?: string) => answerOf(await at.approve(await addressOf(), store));
  const configuredScopes = at.simulator.settings.scopes;
  const grantOf = (issued: Issued, before?: Grant): Grant => ({
    ...issued,
    scopes: issued.scopes ?? before?.scopes ?? configuredScopes,
    accountId: before?.accountId ?? null,
  });
  return {
    at,
    provider,
    faults,
    sent,
    io,
    later,
    addressOf,
    approved,
    configuredScopes,
    grantOf,
    pass: (ms: number) => {
      at.now.value = later(ms);
    },
    connected: async (store?: string): Promise<Grant> => {
      const grant = grantOf(await provider.exchange(await approved(store), io));
      const account = await provider.inspect(grant, io);
      return { ...grant, accountId: account.id, scopes: account.scopes ?? grant.scopes };
    },
    lastBody: (path: string) => JSON.parse(sent.findLast((one) => one.url.pathname === path)?.body ?? "null") as Record<string, unknown>,
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
