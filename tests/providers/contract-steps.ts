import { randomBytes } from "node:crypto";
import { inspect } from "node:util";
import { calculatePKCECodeChallenge, generateRandomCodeVerifier } from "oauth4webapi";
import { expect } from "vitest";
import type { Grant, Io, Issued, RedirectProvider } from "@/lib/providers/contract";
import { ProviderError } from "@/lib/providers/provider-error";
import { type Fault, withFaults } from "@/tests/simulators/faults";
import { testIo } from "@/tests/support/test-io";
import type { ProviderWorld } from "./worlds/world";

const DAY_MS = 86_400_000;
const STEPS = 5;

export function ioOf(w: ProviderWorld, faults: Fault[] = []): Io {
  return testIo(withFaults(w.simulator, faults), () => w.now.value);
}

/** What the core keeps of an answer: nothing but JSON goes into the database and comes out again. */
export function stored(issued: Issued, before: Grant | null): Grant {
  const kept = JSON.parse(JSON.stringify({ access: issued.access, renewal: issued.renewal })) as Pick<Grant, "access" | "renewal">;
  for (const opaque of [kept.access, kept.renewal]) expect(opaque === null || typeof opaque === "string").toBe(true);
  expect(issued.access === null && issued.renewal === null).toBe(false);
  for (const moment of [issued.expiresAt, issued.renewableUntil ?? null]) expect(moment === null || moment.getTime() > 0).toBe(true);
  return { ...kept, scopes: issued.scopes ?? before?.scopes ?? [], expiresAt: issued.expiresAt, accountId: before?.accountId ?? null };
}

export async function consent(w: ProviderWorld, provider: RedirectProvider, io: Io) {
  const state = randomBytes(16).toString("base64url");
  const verifier = provider.pkce ? generateRandomCodeVerifier() : null;
  const challenge = verifier && (await calculatePKCECodeChallenge(verifier));
  const url = await provider.authorizationUrl({ state, redirectUri: w.redirectUri, challenge, locale: "ar" }, io);
  return { url, state, answer: (query: URLSearchParams) => ({ query, state, redirectUri: w.redirectUri, verifier }) };
}

export async function exchanged(w: ProviderWorld, io: Io): Promise<Issued> {
  if (w.provider.kind === "credentials") return w.provider.exchange(w.credentials ?? {}, io);
  const { url, state, answer } = await consent(w, w.provider, io);
  const query = await w.approve(url);
  expect(query.get("state")).toBe(state);
  expect(w.provider.readAnswer(query)).toEqual({ kind: "code" });
  return w.provider.exchange(answer(query), io);
}

/** The core's loop: store, then `refresh` until access is there; ends with the proven account. */
export async function connect(w: ProviderWorld, io: Io = ioOf(w)): Promise<Grant & { access: string }> {
  let grant = stored(await exchanged(w, io), null);
  for (let step = 0; grant.access === null && step < STEPS; step += 1) grant = stored(await w.provider.refresh(grant, io), grant);
  const { access } = grant;
  if (access === null) throw new Error("No access after five steps");
  const account = await w.provider.inspect(grant, io);
  return { ...grant, access, accountId: account.id };
}

export async function renewed(w: ProviderWorld, grant: Grant, io: Io): Promise<Grant> {
  return stored(await w.provider.refresh(grant, io), grant);
}

/** Long after every access token: what is renewed now is really asked for. */
export function later(w: ProviderWorld, grant: Grant): void {
  w.now.value = new Date(Math.max(w.now.value.getTime() + DAY_MS, (grant.expiresAt?.getTime() ?? 0) + 60_000));
}

/** The error that the work ends with, if any. It must be a ProviderError, and nothing of it may hold a secret. */
export async function failure(w: ProviderWorld, work: Promise<unknown>): Promise<ProviderError | null> {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error === null) return null;
  if (!(error instanceof ProviderError)) throw new Error("Not a ProviderError", { cause: error });
  expect(error.code).toMatch(/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/);
  expect(error.cause).toBeUndefined();
  const said = `${inspect(error, { depth: 9, showHidden: true })} ${JSON.stringify(error)} ${JSON.stringify(error.detail)} ${error.stack}`;
  expect(said).not.toContain("CNRY-");
  for (const secret of w.simulator.ledger.secrets) expect(said.includes(secret)).toBe(false);
  return error;
}

/** Refreshes, and inspects with what came: the first thing that fails. */
export async function firstFailure(w: ProviderWorld, grant: Grant, io: Io): Promise<ProviderError | null> {
  let fresh = grant;
  const refused = await failure(
    w,
    renewed(w, grant, io).then((next) => {
      fresh = next;
    }),
  );
  return refused ?? failure(w, w.provider.inspect(fresh, io));
}
