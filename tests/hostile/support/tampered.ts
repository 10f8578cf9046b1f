import { sql } from "drizzle-orm";
import { type Attempt, keepAnswer, openAttempt } from "@/db/attempts";
import { database, transaction } from "@/db/client";
import { newId } from "@/db/new-id";
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
  // Three calls a minute are Norce's own rule; a test makes dozens in a second.
  at.simulators.norce.switches.unlimited = true;
  const noon = withSpareKeys(at.simulators.noon);
  const ask: typeof at.fetch = (url, init) =>
    new URL(url).host === "noon.test" ? noon(new Request(url, { redirect: "manual", ...init })) : at.fetch(url, init);
  const list: Tamper[] = [];
  /** How often each code left. */
  const codes = new Map<string, number>();

  const fetch = async (url: string, init?: RequestInit): Promise<Response> => {
    const code = codeIn(init?.body);
    if (code !== null) codes.set(code, (codes.get(code) ?? 0) + 1);
    const { pathname } = new URL(url);
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
  return { ...at, fetch, open, list, codes };
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

/** Consents that came back with codes nobody issued, for calls that are answered before any platform sees them; many at a time. */
export async function answeredAttempts(at: Platforms, actor: UserActor, slug: RedirectSlug, count: number): Promise<string[]> {
  const offer = findOffer(slug);
  const merchantId = actor.merchants[0]?.id ?? "";
  return transaction(async (tx) => {
    const ids: string[] = [];
    for (let index = 0; index < count; index += 1) {
      const id = newId("att");
      const state = randomSecret();
      const query = new URLSearchParams({ code: `CNRY-code-${id}`, state });
      if (slug === "oauth2") query.set("iss", at.simulators.oauth2.issuer);
      const sealed = (column: string, plain: string) => seal(plain, { table: "attempts", column, row: id, merchant: merchantId });
      await openAttempt(tx, {
        id,
        stateHash: sha256(state),
        browserHash: sha256(randomSecret()),
        offer: slug,
        offerFingerprint: offer.fingerprint,
        merchantId,
        userId: actor.id,
        redirectUri: callbackUrl(slug),
        verifier: offer.provider.kind === "redirect" && offer.provider.pkce ? sealed("verifier", randomSecret()) : null,
      });
      await keepAnswer(tx, id, sealed("answer", query.toString()), true);
      ids.push(id);
    }
    return ids;
  });
}

/** Nothing of one case may reach the next: pace, paused platforms, sessions that spare a call. */
export async function forgetPace(): Promise<void> {
  await database().execute(sql`
    with a as (delete from gates), b as (delete from incidents) delete from platform_sessions where merchant_id <> ''`);
}
