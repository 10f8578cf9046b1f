import type { Account, CredentialsProvider, Grant, Io, Issued, SessionValue } from "./contract";
import { ProviderError } from "./provider-error";
import { cleanText } from "./wire/clean-text";
import { after, lifetimeS } from "./wire/lifetime";
import { type NorceCredentials, norceCredentials, norceFields, otherScopes } from "./wire/norce-credentials";
import { fillOrigin } from "./wire/origin-template";
import { readJson } from "./wire/read-json";
import { repeatable } from "./wire/repeatable";
import { retryAfterS } from "./wire/retry-after";
import { unsettled } from "./wire/unsettled";

export type NorceSettings = {
  /** Such as https://{slug}.api-{region}{env}.norce.tech; {env} is empty for production, else a dot and the name. */
  originTemplate: string;
  stormTokenUrl: string;
};

/** Access with less life left is not handed out of the shared session. */
const SPARE_S = 60;
/** The documentation says 3600 s and its example 600 s; where an answer is silent the shorter one is safe. */
const USUAL_S = 600;
/** Three calls a minute: asking sooner only digs deeper. */
const LEAST_WAIT_S = 20;

/** Norce Commerce: client credentials that the merchant made in Norce Admin, one per application and environment. */
export function norce(settings: NorceSettings): CredentialsProvider {
  const issue = async (values: Record<string, string>): Promise<Issued> => {
    const credentials = norceCredentials(values, settings);
    return { access: null, renewal: sealable(credentials), expiresAt: null, scopes: credentials.scopes };
  };
  return {
    kind: "credentials",
    id: "norce",
    environment: "",
    fields: norceFields,
    exchange: issue,
    adopt: { fields: norceFields, issue },
    refresh: async (grant, io) => {
      const credentials = held(grant);
      const { access, expiresAt, scopes } = await freshAccess(settings, credentials, io);
      return { access, renewal: sealable({ ...credentials, scopes }), expiresAt, scopes };
    },
    inspect: async (grant, io) => {
      const credentials = held(grant);
      const given = grant.access ?? (await freshAccess(settings, credentials, io)).access;
      const first = await application(settings, credentials, given, io);
      if (first.status !== 401) return account(settings, credentials, first, io);
      const fresh = await freshAccess(settings, credentials, io, given);
      const second = await application(settings, credentials, fresh.access, io);
      return { ...(await account(settings, credentials, second, io)), stale: true };
    },
    headers: (grant) => ({ Authorization: `Bearer ${grant.access}`, ApplicationId: held(grant).application_id }),
    apiUrl: (grant) => apiOrigin(settings, held(grant)),
    // There is no call for it: the merchant deletes the user in Norce Admin, and issued tokens may live to their end.
    revoke: async () => "local",
    spendsOnce: () => false,
    policy: () => ({ kind: "on_demand", renewAfter: null, lateAfter: null, graceS: null }),
    pace: { calls: 3, perS: 60, burst: 20, counts: (url) => url.endsWith("/connect/token") },
    revocation: { endsSiblings: false, tokenOnly: false },
  };
}

function sealable(credentials: NorceCredentials): string {
  return JSON.stringify({ v: 1, ...credentials });
}

function held(grant: Grant): NorceCredentials {
  if (grant.renewal === null) throw new ProviderError("reconnect", "no_credentials");
  try {
    return JSON.parse(grant.renewal) as NorceCredentials;
  } catch {
    // The parser's own message would quote the secret.
    throw new ProviderError("reconnect", "no_credentials");
  }
}

function apiOrigin(settings: NorceSettings, credentials: NorceCredentials): string | null {
  return credentials.mode === "storm" ? credentials.api_origin : fillOrigin(settings.originTemplate, credentials);
}

function origin(settings: NorceSettings, credentials: NorceCredentials): string {
  const filled = apiOrigin(settings, credentials);
  if (filled === null) throw new ProviderError("operator", "bad_origin_template");
  return filled;
}

/** Access from the merchant's shared session; the scope's other printed name is tried once, and no more: the budget is small. */
async function freshAccess(settings: NorceSettings, credentials: NorceCredentials, io: Io, rejected?: string) {
  const session = async (scopes: readonly string[]) => {
    const tokenUrl = credentials.mode === "storm" ? settings.stormTokenUrl : `${origin(settings, credentials)}/identity/1.0/connect/token`;
    const sorted = [...scopes].sort();
    // The secret is a part, so that nobody's wrong secret is proved by access that the right one brought.
    const parts = [tokenUrl, credentials.client_id, credentials.client_secret, sorted.join(" ")];
    const value = await io.session({ shared: "merchant", parts }, () => mint(tokenUrl, credentials, sorted, io), rejected);
    return { access: value.value, expiresAt: value.expiresAt && after(value.expiresAt, SPARE_S), scopes: [...scopes] };
  };
  try {
    return await session(credentials.scopes);
  } catch (error) {
    const others = isScopeRefusal(error) ? otherScopes(credentials.scopes, credentials.environment) : null;
    if (others === null) throw isScopeRefusal(error) ? wrongEnvironment() : error;
    return await session(others).catch((second: unknown) => {
      throw isScopeRefusal(second) ? wrongEnvironment() : second;
    });
  }
}

function isScopeRefusal(error: unknown): boolean {
  return error instanceof ProviderError && error.code === "invalid_scope";
}

function wrongEnvironment(): ProviderError {
  return new ProviderError("reconnect", "wrong_environment", { fields: { environment: "wrong_environment" } });
}

async function mint(tokenUrl: string, credentials: NorceCredentials, scopes: readonly string[], io: Io): Promise<SessionValue> {
  const response = await repeatable(io.fetch)(tokenUrl, {
    method: "POST",
    headers: { accept: "application/json" },
    body: new URLSearchParams({
      grant_type: "client_credentials",
      client_id: credentials.client_id,
      client_secret: credentials.client_secret,
      scope: scopes.join(" "),
    }),
  });
  throwUnsettled(response, io);
  const body = await readJson(response);
  // The address is made of the merchant's words, so "not found" is most likely a mistyped name, but no proof of it.
  if (!body && response.status === 404) throw new ProviderError("transient", "unknown_host", { fields: { slug: "unknown_host" } });
  if (body?.error !== undefined && body.error !== null && body.error !== "") throw refusal(body.error);
  const { access_token: access, token_type: type } = body ?? {};
  const usable = typeof access === "string" && /^[\x21-\x7e]{1,16384}$/.test(access) && typeof type === "string" && /^bearer$/i.test(type);
  if (response.status !== 200 || !usable) throw new ProviderError("transient", "bad_answer");
  const lifeS = lifetimeS(body?.expires_in) ?? USUAL_S;
  return { value: access, expiresAt: after(io.now(), lifeS - SPARE_S) };
}

/** RFC 6749 section 5.2. Client and secret are the merchant's own here, so their refusal is never ours. */
function refusal(error: unknown): ProviderError {
  if (error === "invalid_client") return new ProviderError("reconnect", "wrong_secret", { fields: { client_secret: "wrong_secret" } });
  if (error === "unauthorized_client")
    return new ProviderError("reconnect", "client_not_allowed", { fields: { client_id: "client_not_allowed" } });
  if (error === "invalid_scope") return new ProviderError("reconnect", "invalid_scope");
  return new ProviderError("transient", "refused_unclearly");
}

function throwUnsettled(response: Response, io: Io): void {
  if (response.status === 429) {
    throw new ProviderError("transient", "rate_limited", { retryAfterS: Math.max(retryAfterS(response, io.now()) ?? 0, LEAST_WAIT_S) });
  }
  const trouble = unsettled(response, io.now(), false);
  if (trouble) throw trouble;
}

async function application(settings: NorceSettings, credentials: NorceCredentials, access: string, io: Io): Promise<Response> {
  return repeatable(io.fetch)(`${origin(settings, credentials)}/commerce/metadata/1.1/GetApplication?format=json`, {
    headers: { accept: "application/json", Authorization: `Bearer ${access}`, ApplicationId: credentials.application_id },
  });
}

/** Only id and names are taken: the answer also holds settings and addresses that nobody needs here. */
async function account(settings: NorceSettings, credentials: NorceCredentials, response: Response, io: Io): Promise<Account> {
  throwUnsettled(response, io);
  if ([400, 401, 403].includes(response.status) && !/^\s*</.test(await response.clone().text())) {
    throw new ProviderError("reconnect", "application_refused", { fields: { application_id: "application_refused" } });
  }
  const body = await readJson(response);
  if (response.status !== 200 || body?.Id === undefined) throw new ProviderError("transient", "bad_answer");
  // A token says nothing about the application, and a foreign one may answer with empty data instead of an error.
  const id = typeof body.Id === "number" || typeof body.Id === "string" ? String(body.Id) : null;
  if (id !== credentials.application_id) {
    throw new ProviderError("reconnect", "wrong_application", { fields: { application_id: "wrong_application" } });
  }
  const client = typeof body.Client === "object" && body.Client !== null && "Name" in body.Client ? body.Client.Name : null;
  const label = [cleanText(client), cleanText(body.Name)].filter((name) => name !== null).join(" – ");
  return {
    id: `${origin(settings, credentials).replace(/^https?:\/\//, "")}/${credentials.application_id}`,
    label: label || null,
    environment: credentials.environment,
  };
}
