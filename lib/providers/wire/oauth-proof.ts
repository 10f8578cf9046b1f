import * as oauth from "oauth4webapi";
import type { Account, Grant, Io } from "@/lib/providers/contract";
import { ProviderError } from "@/lib/providers/provider-error";
import { cleanText } from "./clean-text";
import { moment } from "./lifetime";
import { unreadable } from "./oauth-trouble";
import { readJson } from "./read-json";
import { repeatable } from "./repeatable";
import { scopeNames } from "./standard-token-answer";
import { unsettled } from "./unsettled";

type Means = {
  testUrl: string | null;
  introspect: (() => Promise<oauth.IntrospectionResponse | null>) | null;
  userinfoUrl: string | null;
};

/** The sheet's order: test URL, introspection, userinfo; userinfo also names the account where the proof before it did not. */
export async function oauthProof(means: Means, grant: Grant, io: Io): Promise<Account> {
  const account: Account = { id: null, label: null };
  let proved = false;
  if (means.testUrl) {
    const about = await readJson(await bearerGet(means.testUrl, grant, io));
    account.id = identifier(about?.sub) ?? identifier(about?.id);
    account.label = cleanText(about?.name);
    proved = true;
  } else if (means.introspect) {
    const answer = await means.introspect();
    if (answer?.active === false) throw accessRefused(grant);
    if (answer) {
      account.id = identifier(answer.sub);
      account.expiresAt = typeof answer.exp === "number" ? moment(isoSeconds(answer.exp)) : undefined;
      const scopes = scopeNames(answer.scope, " ", grant.scopes);
      account.scopes = scopes?.length ? scopes : undefined;
      proved = true;
    }
  }
  if (means.userinfoUrl && (!proved || account.id === null || account.label === null)) {
    const person = await readJson(await bearerGet(means.userinfoUrl, grant, io));
    if (!person) throw unreadable("repeatable", 200);
    account.id ??= identifier(person.sub);
    account.label ??= cleanText(person.name);
    proved = true;
  }
  return proved ? account : { ...account, unproved: true };
}

/** A GET with the grant's access that was answered with 2xx. */
async function bearerGet(url: string, grant: Grant, io: Io): Promise<Response> {
  let response: Response;
  try {
    const fetch = repeatable(io.fetch);
    // Whether http is allowed was judged when the URL came from the settings or the metadata.
    const options: oauth.ProtectedResourceRequestOptions = {
      [oauth.customFetch]: (address, init) => fetch(address, init as RequestInit),
      [oauth.allowInsecureRequests]: true,
    };
    response = await oauth.protectedResourceRequest(
      grant.access ?? "",
      "GET",
      new URL(url),
      new Headers({ accept: "application/json" }),
      null,
      options,
    );
  } catch (error) {
    if (!(error instanceof oauth.WWWAuthenticateChallengeError)) throw error;
    response = error.response;
    const words = error.cause.map((challenge) => challenge.parameters.error);
    if (words.includes("insufficient_scope")) throw new ProviderError("reconnect", "insufficient_scope");
    if (words.includes("invalid_token")) throw accessRefused(grant);
  }
  const busy = unsettled(response, io.now(), false);
  if (busy) throw busy;
  if (response.status === 401) throw accessRefused(grant);
  if (!response.ok) throw unreadable("repeatable", response.status);
  return response;
}

/** Only where nothing can renew it does a refused access token need its owner; else `refresh` and ask again. */
function accessRefused(grant: Grant): ProviderError {
  return grant.renewal === null ? new ProviderError("reconnect", "access_refused") : new ProviderError("transient", "session_ended");
}

/** Unchanged or not at all: two accounts must never look like one. */
function identifier(value: unknown): string | null {
  const text = typeof value === "number" && Number.isSafeInteger(value) ? String(value) : value;
  const clean = cleanText(text, 255);
  return clean !== null && clean === text ? clean : null;
}

function isoSeconds(seconds: number): string | null {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}
