import * as oauth from "oauth4webapi";
import { makeFetch } from "@/lib/http";
import type { Grant, Io, Issued, RedirectProvider } from "@/lib/providers/contract";
import { type Oauth2Settings, oauth2 } from "@/lib/providers/oauth2";

/** What a judge judges: a provider and its way out. A mutant is one from which something was taken. */
export type Subject = { provider: RedirectProvider; io: Io };

export const REDIRECT_URI = "http://127.0.0.1:3000/api/oauth/oauth2/callback";

/** Our own provider over real HTTP, by our only way out. */
export function subject(settings: Oauth2Settings): Subject {
  const io: Io = { fetch: makeFetch({ allowLoopback: true }), now: () => new Date(), session: () => Promise.reject(new Error("unused")) };
  return { provider: oauth2(settings), io };
}

/** Sends the browser away and takes what comes back, up to the exchange. */
export async function consent({ provider, io }: Subject, choose: (url: string) => Promise<Response>) {
  const [state, verifier] = [oauth.generateRandomState(), provider.pkce ? oauth.generateRandomCodeVerifier() : null];
  const challenge = verifier && (await oauth.calculatePKCECodeChallenge(verifier));
  const url = await provider.authorizationUrl({ state, redirectUri: REDIRECT_URI, challenge, locale: "en" }, io);
  const back = await choose(url);
  const location = back.headers.get("location");
  if (!location?.startsWith(REDIRECT_URI)) throw new Error(`The platform sent nobody back: ${back.status}`);
  return { query: new URL(location).searchParams, state, redirectUri: REDIRECT_URI, verifier };
}

/** The whole way to a grant. `again` sends the same code once more. */
export async function connect(
  judged: Subject,
  choose: (url: string) => Promise<Response>,
): Promise<{ grant: Grant; again: () => Promise<Issued> }> {
  const { provider, io } = judged;
  const answer = await consent(judged, choose);
  const read = provider.readAnswer(answer.query);
  if (read.kind !== "code") throw new Error(`No code came back: ${read.kind === "error" ? read.outcome : read.kind}`);
  const exchange = () => provider.exchange(answer, io);
  return { grant: grantOf(await exchange()), again: exchange };
}

export const grantOf = (issued: Issued, before?: Grant): Grant => ({
  ...issued,
  scopes: issued.scopes ?? before?.scopes ?? ["untold"],
  accountId: before?.accountId ?? null,
});
