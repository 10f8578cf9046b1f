import type { Grant, Io, Issued, RedirectProvider } from "./contract";
import { ProviderError } from "./provider-error";
import { cleanText } from "./wire/clean-text";
import { after } from "./wire/lifetime";
import {
  findCredential,
  type Intermediate,
  keyFile,
  type MerchantKey,
  parseKeyFile,
  readRenewal,
  succeeded,
  writeRenewal,
} from "./wire/noon-credential";
import { type Answer, noonGateway } from "./wire/noon-gateway";
import { protobufDurationS } from "./wire/protobuf-duration";
import { readQuery } from "./wire/read-query";
import { word } from "./wire/word";

export type NoonSettings = {
  clientId: string;
  clientSecret: string;
  /** The integrator's own service account. */
  keyId: string;
  privateKey: string;
  projectCode: string;
  authorizeUrl: string;
  apiUrl: string;
  userAgent: string;
};

/**
 * Consent gives a code, the code an intermediate token, the token a service account key that is shown once, the key a cookie
 * session. Each step is one `refresh`, so that the core commits its result before the next.
 */
export function noon(settings: NoonSettings): RedirectProvider {
  const gateway = noonGateway(settings);

  async function exchangeToken(held: Intermediate, io: Io): Promise<Issued> {
    const answer = await gateway.asIntegrator(io, "/identity/oauth/v1/token/exchange", { access_token: held.accessToken });
    if (!answer.ok && answer.json) {
      throw answer.status === 403 ? new ProviderError("operator", "forbidden") : new ProviderError("reconnect", "token_refused");
    }
    if (!answer.json) throw new ProviderError("doubt", "bad_answer");
    if (!succeeded(answer.json)) throw failedWorkflow(answer.json);
    const credential = findCredential(answer.json.result);
    if (!credential) throw new ProviderError("doubt", "no_key_in_answer");
    const told = cleanText(answer.json.project_code);
    const key: MerchantKey = {
      v: 1,
      step: "key",
      ...credential,
      projectCode: held.projectCode ?? told ?? credential.keyProjectCode,
      // Another flow's answer is stored too, because the key is shown once; it is never used to log in.
      mixed: held.projectCode !== null && told !== null && told !== held.projectCode && told !== settings.projectCode,
    };
    return { access: null, renewal: writeRenewal(key), expiresAt: null, renewableUntil: null, scopes: null };
  }

  async function logIn(grant: Grant, key: MerchantKey, io: Io): Promise<Issued> {
    if (key.mixed) throw new ProviderError("operator", "mixed_answer");
    const session = await gateway.login(io, key.keyId, key.privateKey, key.projectCode ?? key.keyProjectCode, "reconnect");
    const access = JSON.stringify({ v: 1, cookie: session.value });
    return { access, renewal: grant.renewal, expiresAt: session.expiresAt, renewableUntil: null, scopes: null };
  }

  return {
    kind: "redirect",
    id: "noon",
    environment: "production",
    host: new URL(settings.authorizeUrl).host,
    pkce: false,
    pace: { calls: 1500, perS: 60, burst: 0 },
    revocation: { endsSiblings: false, tokenOnly: false },
    // A session's end is no trouble: the key opens the next one for as long as the platform takes it.
    policy: () => ({ kind: "static_key", renewAfter: null, lateAfter: null, graceS: null }),
    // The exchange makes a service account, and nobody says what a second one with the same token does.
    spendsOnce: (grant) => grant.renewal !== null && readRenewal(grant).step === "created",

    authorizationUrl: async (consent, io) => {
      // Without the integrator's session no code can be redeemed: better known before the merchant leaves.
      await gateway.integrator(io);
      const url = new URL(settings.authorizeUrl);
      url.searchParams.set("client_id", settings.clientId);
      url.searchParams.set("state", consent.state);
      return url.href;
    },

    readAnswer: readQuery,

    exchange: async ({ query }, io) => {
      const answer = await gateway.asIntegrator(io, "/identity/oauth/v1/token/create", {
        grant_type: "authorization_code",
        code: query.get("code"),
        client_id: settings.clientId,
        client_secret: settings.clientSecret,
      });
      if (!answer.ok && answer.json) throw refusedCode(answer);
      const body = answer.json;
      if (!body) throw new ProviderError("doubt", "bad_answer");
      if (!succeeded(body)) throw refusedCode(answer);
      const type = word(body.token_type ?? "unspecified")
        .toLowerCase()
        .replace(/^token_type_/, "");
      if (typeof body.access_token !== "string" || body.access_token === "" || !["bearer", "unspecified"].includes(type)) {
        throw new ProviderError("doubt", "bad_answer");
      }
      const scopes = Array.isArray(body.scopes) ? body.scopes.flatMap((scope) => cleanText(scope) ?? []) : null;
      const renewal = writeRenewal({ v: 1, step: "created", accessToken: body.access_token, projectCode: cleanText(body.project_code) });
      // Unknown lifetimes need no guess: the next step follows at once.
      const renewableUntil = after(io.now(), protobufDurationS(body.expires_in));
      return { access: null, renewal, expiresAt: null, renewableUntil, scopes };
    },

    refresh: async (grant, io) => {
      const held = readRenewal(grant);
      return held.step === "created" ? exchangeToken(held, io) : logIn(grant, held, io);
    },

    inspect: async (grant, io) => {
      const held = readRenewal(grant);
      await gateway.whoami(io, cookieOf(grant));
      const id = held.projectCode ?? (held.step === "key" ? held.keyProjectCode : null);
      return { id, label: id };
    },

    revoke: async (grant, io) => {
      const held = readRenewal(grant);
      // A mixed-up answer may hold the key that another merchant's connection works with.
      return held.step === "key" && !held.mixed ? gateway.removeKey(io, held) : "local";
    },

    headers: (grant) => ({ Cookie: cookieOf(grant), "User-Agent": settings.userAgent }),
    apiUrl: () => settings.apiUrl.replace(/\/+$/, ""),
    credentials: (grant) => {
      const held = readRenewal(grant);
      return held.step === "key" && !held.mixed ? keyFile(held) : null;
    },

    adopt: {
      fields: [
        { name: "key_file", kind: "secret" },
        { name: "project_code", kind: "text", optional: true },
      ],
      issue: async (values) => {
        const key = parseKeyFile(values.key_file ?? "", cleanText(values.project_code), settings.keyId);
        return { access: null, renewal: writeRenewal(key), expiresAt: null, renewableUntil: null, scopes: null };
      },
    },
  };
}

function cookieOf(grant: Grant): string {
  const access = JSON.parse(grant.access ?? "{}") as { cookie?: string };
  if (!access.cookie) throw new ProviderError("transient", "session_ended");
  return access.cookie;
}

/** A refusal of token/create under a live session: our client pair, our permission, or the code. */
function refusedCode(answer: Answer): ProviderError {
  const message = word(answer.json?.message);
  if (/client[ _](id|secret)|invalid[ _]client/i.test(message)) return new ProviderError("operator", "invalid_client");
  return answer.status === 403 ? new ProviderError("operator", "forbidden") : new ProviderError("declined", "code_refused");
}

const UNCERTAIN = new Set(["UNKNOWN", "INTERNAL", "UNAVAILABLE", "DEADLINE_EXCEEDED", "ABORTED", "CANCELLED"]);

/** A 200 whose status says that the workflow did not end well: whether it left a key behind is told by the kind of failure only. */
function failedWorkflow(body: Record<string, unknown>): ProviderError {
  const status = typeof body.status === "object" && body.status !== null ? (body.status as Record<string, unknown>) : {};
  const uncertain = UNCERTAIN.has(word(status.status_code).toUpperCase());
  return uncertain ? new ProviderError("doubt", "workflow_unsettled") : new ProviderError("reconnect", "workflow_failed");
}
