import { createHash } from "node:crypto";
import type { Ledger } from "./ledger";
import { json } from "./simulator";
import type { Access, Environment, SquareState, SquareSwitches } from "./square-state";
import type { Revoker } from "./square-webhooks";

type Parts = { state: SquareState; ledger: Ledger; switches: SquareSwitches; nowMs: () => number; accessLifeS: number; revoked: Revoked };
type Revoked = (environment: Environment, merchant: string, by: Revoker) => unknown;

const DAY_MS = 86_400_000;

export function legacy(status: number, type: string, message: string): Response {
  return json(status, { message, type });
}
const errors = (status: number, category: string, code: string, detail: string, field?: string) =>
  json(status, { errors: [{ category, code, detail, field }] });
const missing = (field: string) =>
  errors(400, "INVALID_REQUEST_ERROR", "MISSING_REQUIRED_PARAMETER", `Missing required parameter: ${field}`, field);
const notAuthorized = () => legacy(401, "service.not_authorized", "Not Authorized");

/** How long each field of ObtainToken may be. */
const LENGTHS: Record<string, [shortest: number, longest: number]> = {
  client_id: [1, 191],
  client_secret: [2, 1024],
  grant_type: [10, 20],
  code: [1, 191],
  redirect_uri: [1, 2048],
  refresh_token: [2, 1024],
  migration_token: [2, 1024],
};

function badLength(body: Record<string, unknown>): Response | null {
  for (const [field, [shortest, longest]] of Object.entries(LENGTHS)) {
    const value = body[field];
    if (typeof value !== "string" || (value.length >= shortest && value.length <= longest)) continue;
    const code = value.length > longest ? "VALUE_TOO_LONG" : "VALUE_TOO_SHORT";
    return errors(400, "INVALID_REQUEST_ERROR", code, "Field has a bad length", field);
  }
  return null;
}

const stamp = (ms: number) => new Date(ms).toISOString().replace(/\.\d+Z$/, "Z");

/** ObtainToken, RetrieveTokenStatus, RevokeToken and the retired RenewToken. */
export function tokenCalls({ state, ledger, switches, nowMs, accessLifeS, revoked }: Parts) {
  async function bodyOf(request: Request): Promise<Record<string, unknown> | Response> {
    const refused = errors(400, "INVALID_REQUEST_ERROR", "BAD_REQUEST", "A JSON object is expected");
    if (!/^application\/json\b/.test(request.headers.get("content-type") ?? "")) return refused;
    const body: unknown = await request.json().catch(() => null);
    return typeof body === "object" && body !== null ? (body as Record<string, unknown>) : refused;
  }

  function issue(
    from: { environment: Environment; merchant: string },
    scopes: string[],
    refreshToken: string | null,
    body: Record<string, unknown>,
  ): Response {
    const opaque = ledger.canary("square-access");
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const access = body.use_jwt === true ? ledger.keep(`${part({ alg: "RS256" })}.${part({ merchant: from.merchant })}.${opaque}`) : opaque;
    const endsAt = nowMs() + (body.short_lived === true ? DAY_MS : accessLifeS * 1000);
    state.access[access] = { environment: from.environment, merchant: from.merchant, scopes, endsAt, revoked: false, legacy: false };
    const held = refreshToken === null ? undefined : state.refresh[refreshToken];
    return json(200, {
      access_token: access,
      token_type: "bearer",
      expires_at: stamp(endsAt),
      merchant_id: from.merchant,
      ...(refreshToken === null || switches.omitRefreshToken ? {} : { refresh_token: refreshToken }),
      short_lived: body.short_lived === true,
      ...(held?.endsAt ? { refresh_token_expires_at: stamp(held.endsAt) } : {}),
    });
  }

  function newRefresh(from: { environment: Environment; merchant: string }, scopes: string[], pkce: boolean): string {
    const token = ledger.canary("square-refresh");
    const { environment, merchant } = from;
    state.refresh[token] = { environment, merchant, scopes, endsAt: pkce ? nowMs() + 90 * DAY_MS : null, dead: false };
    return token;
  }

  function redeem(body: Record<string, unknown>, environment: Environment, secret: boolean): Response {
    if (typeof body.code !== "string") return missing("code");
    const code = state.codes[body.code];
    const challenge = typeof body.code_verifier === "string" ? createHash("sha256").update(body.code_verifier).digest("base64url") : null;
    const fits =
      code && !code.used && code.endsAt > nowMs() && code.environment === environment && code.redirectUri === (body.redirect_uri ?? null);
    if (!fits || code.challenge !== challenge) {
      return errors(401, "AUTHENTICATION_ERROR", "UNAUTHORIZED", `Authorization code not found for app ${String(body.client_id)}`);
    }
    if (secret === (code.challenge !== null))
      return secret ? errors(400, "INVALID_REQUEST_ERROR", "BAD_REQUEST", "PKCE takes no secret") : missing("client_secret");
    code.used = true;
    return issue(code, code.scopes, newRefresh(code, code.scopes, code.challenge !== null), body);
  }

  function renewByRefresh(body: Record<string, unknown>, environment: Environment, secret: boolean): Response {
    const held = typeof body.refresh_token === "string" ? state.refresh[body.refresh_token] : undefined;
    if (!held || held.dead || held.environment !== environment || (held.endsAt !== null && held.endsAt <= nowMs())) {
      return legacy(401, "service.not_authorized", "Invalid refresh token");
    }
    if (held.endsAt === null && !secret) return missing("client_secret");
    const wanted = body.scopes;
    if (wanted !== undefined && !Array.isArray(wanted))
      return errors(400, "INVALID_REQUEST_ERROR", "EXPECTED_ARRAY", "An array is expected", "scopes");
    const scopes = wanted ? held.scopes.filter((scope) => wanted.includes(scope)) : held.scopes;
    if (held.endsAt === null) return issue(held, scopes, String(body.refresh_token), body);
    held.dead = true;
    return issue(held, scopes, newRefresh(held, held.scopes, true), body);
  }

  function bearer(request: Request, environment: Environment): Access | Response {
    const token = /^Bearer (\S+)$/.exec(request.headers.get("authorization") ?? "")?.[1] ?? "";
    const held = state.access[token];
    if (held?.revoked) return errors(401, "AUTHENTICATION_ERROR", "ACCESS_TOKEN_REVOKED", "The access token has been revoked");
    if (!held || held.environment !== environment || held.endsAt <= nowMs()) {
      return errors(401, "AUTHENTICATION_ERROR", "UNAUTHORIZED", "This request could not be authorized.");
    }
    return held;
  }

  /** The body of a call that proves itself with `Client <secret>`. */
  async function asClient(request: Request, environment: Environment): Promise<Record<string, unknown> | Response> {
    const secret = /^Client (\S+)$/.exec(request.headers.get("authorization") ?? "")?.[1];
    if (!secret) return legacy(400, "bad_request.invalid_parameter", "bad authorization header");
    return secret === state.apps[environment].secret ? bodyOf(request) : notAuthorized();
  }

  function endAuthorization(environment: Environment, merchant: string, by: Revoker): boolean {
    const live = [
      ...Object.values(state.access).filter((one) => one.environment === environment && one.merchant === merchant && !one.revoked),
      ...Object.values(state.refresh).filter((one) => one.environment === environment && one.merchant === merchant && !one.dead),
    ];
    for (const one of live) Object.assign(one, "revoked" in one ? { revoked: true } : { dead: true });
    if (live.length > 0) revoked(environment, merchant, by);
    return live.length > 0;
  }

  return {
    bearer,
    endAuthorization,
    isAuthorized: (environment: Environment, merchant: string, scopes: string[]) =>
      Object.values(state.access).some(
        (one) =>
          one.environment === environment &&
          one.merchant === merchant &&
          !one.revoked &&
          scopes.every((scope) => one.scopes.includes(scope)),
      ),
    issueLegacy: (environment: Environment, merchant: string, lifeS = 30 * 86_400): string => {
      const token = ledger.canary("square-legacy");
      const scopes = ["MERCHANT_PROFILE_READ", "ORDERS_READ", "ITEMS_READ"];
      state.access[token] = { environment, merchant, scopes, endsAt: nowMs() + lifeS * 1000, revoked: false, legacy: true };
      return token;
    },

    token: async (request: Request, environment: Environment): Promise<Response> => {
      const body = await bodyOf(request);
      if (body instanceof Response) return body;
      const refused = badLength(body);
      if (refused) return refused;
      if (body.client_id === undefined) return missing("client_id");
      if (body.grant_type === undefined) return missing("grant_type");
      if (request.headers.has("authorization") && body.client_secret === undefined) return missing("client_secret");
      const app = state.apps[environment];
      if (body.client_id !== app.clientId || (body.client_secret !== undefined && body.client_secret !== app.secret))
        return notAuthorized();
      const secret = body.client_secret !== undefined;
      if (body.grant_type === "authorization_code") return redeem(body, environment, secret);
      if (body.grant_type === "refresh_token") return renewByRefresh(body, environment, secret);
      if (body.grant_type !== "migration_token")
        return errors(400, "INVALID_REQUEST_ERROR", "INVALID_VALUE", "Unknown grant type", "grant_type");
      if (!secret) return missing("client_secret");
      const held = typeof body.migration_token === "string" ? state.access[body.migration_token] : undefined;
      const usable = held?.legacy && !held.revoked && held.environment === environment && held.endsAt > nowMs();
      if (!held || !usable) return errors(401, "AUTHENTICATION_ERROR", "UNAUTHORIZED", "Migration token not found");
      return issue(held, held.scopes, newRefresh(held, held.scopes, false), body);
    },

    status: async (request: Request, environment: Environment): Promise<Response> => {
      const held = bearer(request, environment);
      if (held instanceof Response) return held;
      if ((await request.text()) !== "") return errors(400, "INVALID_REQUEST_ERROR", "BAD_REQUEST", "The body must be empty");
      return json(200, {
        scopes: held.scopes,
        expires_at: stamp(held.endsAt),
        client_id: state.apps[environment].clientId,
        merchant_id: held.merchant,
      });
    },

    revoke: async (request: Request, environment: Environment): Promise<Response> => {
      const body = await asClient(request, environment);
      if (body instanceof Response) return body;
      const refused = badLength(body);
      if (refused) return refused;
      if (body.client_id !== state.apps[environment].clientId) return notAuthorized();
      const { access_token: token, merchant_id: merchant, revoke_only_access_token: only } = body;
      if ((token === undefined) === (merchant === undefined) || (only === true && token === undefined)) {
        return errors(400, "INVALID_REQUEST_ERROR", "BAD_REQUEST", "Exactly one of access_token and merchant_id is expected");
      }
      if (!switches.revokeSuccess) return json(200, { success: false });
      const unknown = () => {
        if (switches.unknownRevoke === "200") return json(200, { success: true });
        return switches.unknownRevoke === "401" ? legacy(401, "oauth.revoked", "Token was revoked") : legacy(404, "not_found", "Not Found");
      };
      if (typeof merchant === "string")
        return endAuthorization(environment, merchant, "APPLICATION") ? json(200, { success: true }) : unknown();
      const held = state.access[String(token)];
      if (!held || held.environment !== environment) return unknown();
      if (held.revoked) return legacy(401, "oauth.revoked", "Token was revoked");
      if (held.endsAt <= nowMs()) return legacy(401, "oauth.expired", "Token has expired");
      if (only === true) held.revoked = true;
      else endAuthorization(environment, held.merchant, "APPLICATION");
      return json(200, { success: true });
    },

    renew: async (request: Request, environment: Environment): Promise<Response> => {
      if (!switches.renewWorks) return legacy(404, "not_found", "Not Found");
      const body = await asClient(request, environment);
      if (body instanceof Response) return body;
      const held = state.access[String(body.access_token)];
      if (!held?.legacy || held.environment !== environment) return legacy(404, "not_found", "Not Found");
      if (held.revoked) return legacy(400, "bad_request", "cannot renew revoked token");
      if (held.endsAt + 15 * DAY_MS <= nowMs()) return legacy(400, "bad_request", "token expired too long ago");
      const answer = issue(held, held.scopes, null, body);
      const { access_token: fresh } = (await answer.clone().json()) as { access_token: string };
      Object.assign(state.access[fresh] ?? {}, { legacy: true });
      return answer;
    },
  };
}
