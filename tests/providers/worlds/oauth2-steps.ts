import * as oauth from "oauth4webapi";
import { expect } from "vitest";
import type { Grant, Io, Issued } from "@/lib/providers/contract";
import { ProviderError } from "@/lib/providers/provider-error";
import { type Fault, withFaults } from "@/tests/simulators/faults";
import { testIo } from "@/tests/support/test-io";
import { approveAt } from "./approve-at";
import type { world } from "./oauth2";

export type World = ReturnType<typeof world>;

/** An `Io` that remembers every request, with faults on the way. */
export function recording(w: World, faults: Fault[] = []): Io & { requests: Request[] } {
  const requests: Request[] = [];
  const handle = withFaults(w.simulator, faults);
  const io = testIo(
    (request) => {
      requests.push(request.clone());
      return handle(request);
    },
    () => w.now.value,
  );
  return { ...io, requests };
}

/** Until the callback: what `exchange` is given. */
export async function consent(w: World, io: Io, decision: "approve" | "deny" = "approve", store?: string) {
  const state = oauth.generateRandomState();
  const verifier = w.provider.pkce ? oauth.generateRandomCodeVerifier() : null;
  const challenge = verifier && (await oauth.calculatePKCECodeChallenge(verifier));
  const url = await w.provider.authorizationUrl({ state, redirectUri: w.redirectUri, challenge, locale: "en" }, io);
  const query = await approveAt(w.simulator, url, store, decision);
  return { url, answer: { query, state, redirectUri: w.redirectUri, verifier } };
}

export function grantOf(issued: Issued): Grant {
  return { ...issued, scopes: issued.scopes ?? ["openid", "orders.read"], accountId: null };
}

export async function connect(w: World, io: Io = recording(w)): Promise<Grant> {
  return grantOf(await w.provider.exchange((await consent(w, io)).answer, io));
}

/** "trouble: code" of the ProviderError that the work must end with. */
export async function trouble(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => new Error("It was not refused"),
    (reason: unknown) => reason,
  );
  if (!(error instanceof ProviderError)) throw error;
  expect(error.code).toMatch(/^[a-z0-9_]+$/);
  return error.message;
}
