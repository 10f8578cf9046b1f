import { AsyncLocalStorage } from "node:async_hooks";
import { sql } from "drizzle-orm";
import type { Attempt } from "@/db/attempts";
import { database } from "@/db/client";
import { newId } from "@/db/new-id";
import { attempts } from "@/db/schema";
import type { UserActor } from "@/lib/auth/actor";
import { callbackUrl } from "@/lib/connections/begin-consent";
import { randomSecret, sha256 } from "@/lib/connections/browser-secret";
import { connectCredentials } from "@/lib/connections/connect-credentials";
import { exchange } from "@/lib/connections/exchange";
import { makeIo, type OpenIo } from "@/lib/connections/open-io";
import { receiveAnswer } from "@/lib/connections/receive-answer";
import { offer as findOffer } from "@/lib/offers/offers";
import { seal } from "@/lib/vault";
import { approve, attemptOf, norceValues, type Platforms, type RedirectSlug, start } from "@/tests/support/journey";
import { platforms } from "@/tests/support/platforms";
import { testIo } from "@/tests/support/test-io";
import { withSpareKeys } from "./spare-keys";
import type { Wire, WireAnswer } from "./wire";

export type Slug = RedirectSlug | "norce";
export const redirects: readonly RedirectSlug[] = ["noon", "ultracart", "square", "oauth2"];
export const slugs: readonly Slug[] = [...redirects, "norce"];

/** Where each platform hands out what a connection lives by; Noon's second step, which makes the merchant's key, stands alone. */
export const tokenCall: Record<Slug, RegExp> = {
  noon: /\/token\/create$/,
  norce: /\/connect\/token$/,
  ultracart: /\/oauth\/token$/,
  square: /\/oauth2\/token$/,
  oauth2: /^\/token$/,
};
export const keyCall = /\/token\/exchange$/;

type Tamper = {
  call: RegExp;
  /** Used so often; 1 unless told. */
  times?: number;
  /** What arrives in place of what the platform said. */
  with: WireAnswer | ((said: string, response: Response) => WireAnswer);
};

/** The five platforms behind the product's own way out: what `list` names is answered over a real socket, byte by byte as it says. */
export function tamperedPlatforms(wire: Wire, options: { pkce?: boolean; paced?: boolean } = {}) {
  const at = platforms(options);
  // Their limits are the platforms' own rules; a test makes an hour's calls in a second.
  const { norce, noon, ultracart } = at.simulators;
  norce.switches.unlimited = true;
  noon.switches.callsPerMinute = 1_000_000;
  ultracart.switches.hourly = 1_000_000;
  const spared = withSpareKeys(noon);
  const ask: typeof at.fetch = (url, init) =>
    new URL(url).host === "noon.test" ? spared(new Request(url, { redirect: "manual", ...init })) : at.fetch(url, init);
  const lane = new AsyncLocalStorage<Tamper[]>();
  /** How often each code left. */
  const codes = new Map<string, number>();

  const fetch = async (url: string, init?: RequestInit): Promise<Response> => {
    const code = codeIn(init?.body);
    if (code !== null) codes.set(code, (codes.get(code) ?? 0) + 1);
    const { pathname } = new URL(url);
    const list = lane.getStore() ?? world.list;
    const index = list.findIndex(({ call }) => call.test(pathname));
    const tamper = list[index];
    if (!tamper) return ask(url, init);
    tamper.times = (tamper.times ?? 1) - 1;
    if (tamper.times <= 0) list.splice(index, 1);
    if (typeof tamper.with !== "function") return wire.answer(tamper.with, init);
    const response = await ask(url, init);
    return wire.answer(tamper.with(await response.clone().text(), response), init);
  };
  const open: OpenIo = (offer, context) =>
    makeIo(options.paced === false ? { ...offer, provider: { ...offer.provider, pace: null } } : offer, context, fetch);
  /** Work whose calls meet these tampers and no others, however much else goes on. */
  const within = <T>(list: Tamper[], work: () => Promise<T>): Promise<T> => lane.run(list, work);
  const world = { ...at, fetch, open, within, list: [] as Tamper[], codes };
  return world;
}

export type Tampered = ReturnType<typeof tamperedPlatforms>;

function codeIn(body: RequestInit["body"]): string | null {
  if (body instanceof URLSearchParams) return body.get("code");
  if (typeof body !== "string" || !body.startsWith("{")) return null;
  const { code } = JSON.parse(body) as { code?: unknown };
  return typeof code === "string" ? code : null;
}

/** Everything up to the call for tokens; the function that it resolves to makes that call and tells what became of the attempt. */
export async function upToTokens(at: Platforms, actor: UserActor, slug: Slug, store?: string): Promise<() => Promise<Attempt>> {
  if (slug === "norce") {
    return async () => {
      const submitted = await connectCredentials(actor, { offer: slug, values: norceValues(at) }, at.open);
      if (submitted.kind !== "attempt") throw new Error(`Refused: ${JSON.stringify(submitted)}`);
      return attemptOf(submitted.attemptId);
    };
  }
  const begun = await start(at, actor, slug);
  const received = await receiveAnswer(slug, await approve(at, slug, begun.url, store), begun.cookie, actor);
  if (received.kind !== "result") throw new Error(`The callback was refused at ${slug}`);
  return async () => {
    await exchange(actor, begun.attemptId, at.open);
    return attemptOf(begun.attemptId);
  };
}

type Approval = (consent: { state: string; redirectUri: string; challenge: string | null }) => Promise<URLSearchParams>;

/** Real codes, as a browser brings them back from the simulated platform. */
export function approvals(at: Platforms, slug: RedirectSlug, store?: string): Approval {
  const { provider } = findOffer(slug);
  const io = testIo(
    (request) => at.simulators[slug].handle(request),
    () => new Date(Date.now() + at.skew.ms),
  );
  return async (consent) => {
    if (provider.kind !== "redirect") throw new Error(`${slug} has no consent page`);
    return approve(at, slug, await provider.authorizationUrl({ ...consent, locale: "en" }, io), store);
  };
}

/** Codes that nobody issued, for calls that are answered before any platform sees them. */
export function inventions(at: Platforms, slug: RedirectSlug): Approval {
  return async ({ state }) => {
    const query = new URLSearchParams({ code: `CNRY-code-${randomSecret()}`, state });
    if (slug === "oauth2") query.set("iss", at.simulators.oauth2.issuer);
    return query;
  };
}

/** An open attempt and what its browser and its platform hold. */
export type Opened = { id: string; browserSecret: string; query: URLSearchParams; verifier: string | null };

/** Consents on their way, many at a time: what beginning them leaves behind, and with `back` what their return does. */
export async function openAttempts(actor: UserActor, slug: RedirectSlug, count: number, answer: Approval, back = false): Promise<Opened[]> {
  const { slug: offer, fingerprint: offerFingerprint, provider } = findOffer(slug);
  const merchantId = actor.merchants[0]?.id ?? "";
  const redirectUri = callbackUrl(slug);
  const opened: Opened[] = [];
  for (let index = 0; index < count; index += 1) {
    const state = randomSecret();
    const verifier = provider.kind === "redirect" && provider.pkce ? randomSecret() : null;
    const query = await answer({ state, redirectUri, challenge: verifier === null ? null : sha256(verifier) });
    opened.push({ id: newId("att"), browserSecret: randomSecret(), query, verifier });
  }
  const returned = back
    ? ({ status: "answered", answeredAt: sql`app_now()`, presentAt: sql`app_now()` } as const)
    : ({ status: "open" } as const);
  const rows = opened.map(({ id, browserSecret, query, verifier }) => {
    const sealed = (column: string, plain: string) => seal(plain, { table: "attempts", column, row: id, merchant: merchantId });
    return {
      ...{ id, offer, offerFingerprint, merchantId, userId: actor.id, redirectUri, ...returned },
      stateHash: sha256(query.get("state") ?? ""),
      browserHash: sha256(browserSecret),
      verifier: verifier === null ? null : sealed("verifier", verifier),
      answer: back ? sealed("answer", query.toString()) : null,
      expiresAt: sql`app_now() + interval '10 minutes'`,
    };
  });
  if (rows.length > 0) await database().insert(attempts).values(rows);
  return opened;
}

/** The same when they have come back: their ids. */
export async function answeredAttempts(actor: UserActor, slug: RedirectSlug, count: number, answer: Approval): Promise<string[]> {
  return (await openAttempts(actor, slug, count, answer, true)).map(({ id }) => id);
}

/** Nothing of one case may reach the next: pace, paused platforms, sessions that spare a call. */
export async function forgetPace(): Promise<void> {
  await database().execute(sql`
    with a as (delete from gates), b as (delete from incidents) delete from platform_sessions where merchant_id <> ''`);
}
