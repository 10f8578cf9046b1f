import { createHash } from "node:crypto";
import type { Oauth2Settings } from "@/lib/providers/oauth2";
import type { Store } from "./consent-page";
import { Ledger } from "./ledger";
import { authorize } from "./oauth2-authorize";
import { authenticate, type Client, oauth2SettingsOf, readForm, refusal } from "./oauth2-client";
import { type Asked, Grants, type Oauth2State } from "./oauth2-grants";
import { oauth2Switches } from "./oauth2-switches";
import { html, json, type Simulator, type World } from "./simulator";

export type Oauth2Simulator = Simulator & {
  issuer: string;
  client: Client;
  state: Oauth2State;
  /** What the provider must be configured with to be known here. */
  settings: Oauth2Settings;
  /** The tokens that somebody could still use. */
  living: () => string[];
  /** The owner removes our access at the platform. */
  revokeAtPlatform: (sub: string) => void;
  rotateClientSecret: () => void;
};

export type Oauth2Options = {
  clientId?: string;
  clientSecret?: string;
  stores?: readonly (Store & { plan: string })[];
  /** More of them, beside the usual ones. */
  own?: readonly (Store & { plan: string })[];
  state?: Oauth2State | undefined;
  /** A client without a secret: PKCE is then demanded. */
  isPublic?: boolean;
  redirectUris?: readonly string[];
  /** The issuer's path, such as "/tenant": tells the two well-known forms apart. */
  issuerPath?: string;
  scopes?: readonly string[];
  accessLifeS?: number | undefined;
  /** Where an account has a life of its own. */
  lifeOf?: (sub: string) => number | undefined;
  codeLifeS?: number;
  /** Stores that nobody can choose on the consent page. */
  elsewhere?: (id: string) => Store | undefined;
};

const STORES: readonly (Store & { plan: string })[] = [
  { id: "acct-riyadh", name: "Riyadh shop", plan: "standard" },
  { id: "acct-jeddah", name: "Jeddah shop", plan: "standard" },
  { id: "acct-dammam", name: "متجر الدمام", plan: "standard" },
];
const ENDPOINTS: Record<string, string> = {
  "/authorize": "authorize",
  "/token": "token",
  "/revoke": "revoke",
  "/introspect": "introspect",
  "/userinfo": "userinfo",
  "/api/me": "test",
};

/** A strict server by RFC 6749, 7636, 8414, 9207, 7009 and 7662. `switches` make it deviate as real platforms do. */
export function oauth2Simulator(world: World, options: Oauth2Options = {}): Oauth2Simulator {
  const ledger = new Ledger();
  const {
    redirectUris = [],
    issuerPath = "",
    scopes = ["openid", "orders.read", "orders.write"],
    accessLifeS = 3600,
    codeLifeS = 600,
  } = options;
  const stores = [...(options.stores ?? STORES), ...(options.own ?? [])];
  const issuer = `${world.origin}${issuerPath}`;
  const fresh = () => ({
    clientSecret: options.clientSecret ?? ledger.canary("client-secret"),
    codes: {},
    families: {},
    access: {},
    refresh: {},
  });
  const state: Oauth2State = options.state ?? fresh();
  const client: Client = {
    id: options.clientId ?? "latchkey-client",
    secret: ledger.keep(state.clientSecret),
    isPublic: options.isPublic ?? false,
  };
  const grants = new Grants(state, ledger, () => world.now().getTime());
  const switches = oauth2Switches(issuer);

  const rules = {
    client,
    redirectUris,
    issuer,
    scopes,
    stores,
    switches,
    code: (asked: Asked) => grants.code(asked, codeLifeS),
  };

  const settings = oauth2SettingsOf(client, issuer, scopes.slice(0, 2));

  function metadata(): Response {
    const optional = {
      ...(switches.noRevocation ? {} : { revocation_endpoint: `${world.origin}/revoke` }),
      ...(switches.noIntrospection ? {} : { introspection_endpoint: `${world.origin}/introspect` }),
      ...(switches.noUserinfo ? {} : { userinfo_endpoint: `${world.origin}/userinfo` }),
    };
    return json(200, {
      issuer: switches.metadataIssuer,
      authorization_endpoint: `${world.origin}/authorize`,
      token_endpoint: `${world.origin}/token`,
      ...optional,
      response_types_supported: ["code"],
      grant_types_supported: ["authorization_code", "refresh_token"],
      scopes_supported: scopes,
      code_challenge_methods_supported: ["S256"],
      token_endpoint_auth_methods_supported: client.isPublic ? ["none"] : ["client_secret_basic", "client_secret_post"],
      authorization_response_iss_parameter_supported: switches.advertiseIss,
    });
  }

  /** A refresh may ask for less, never for more (RFC 6749 section 6). */
  function exceeds(refreshToken: string | undefined, scope: string | undefined): boolean {
    const granted = state.families[state.refresh[refreshToken ?? ""]?.family ?? ""]?.scopes;
    return granted !== undefined && scope !== undefined && !scope.split(" ").every((one) => granted.includes(one));
  }

  /** An answer by RFC 6749 section 5, in the dialect that the switches ask for. */
  function token(request: Request, form: Map<string, string>): Response {
    const grantType = form.get("grant_type");
    const dead = { error: "invalid_grant", status: Number(switches.grantRefusalStatus) };
    const redeem = () =>
      grants.redeem(
        form.get("code") ?? "",
        (asked) => asked.redirectUri === form.get("redirect_uri") && verified(asked.challenge, form.get("code_verifier")),
      );
    if (grantType !== "authorization_code" && grantType !== "refresh_token") {
      return refuse({ error: grantType ? "unsupported_grant_type" : "invalid_request", status: 400 });
    }
    if (!form.has(grantType === "refresh_token" ? "refresh_token" : "code")) return refuse({ error: "invalid_request", status: 400 });
    if (grantType === "refresh_token" && exceeds(form.get("refresh_token"), form.get("scope")))
      return refuse({ error: "invalid_scope", status: 400 });
    const family =
      grantType === "refresh_token"
        ? grants.refresh(
            form.get("refresh_token") ?? "",
            switches.rotate === true,
            switches.reuseEndsFamily === true,
            switches.tokensEndAlone === true,
          )
        : redeem();
    if (!family) return refuse(dead);
    const asked = grantType === "refresh_token" ? form.get("scope")?.split(" ") : undefined;
    const granted = asked ?? (switches.narrowScope ? family.scopes.slice(0, 1) : family.scopes);
    const lifeS = options.lifeOf?.(family.sub) ?? accessLifeS;
    const life = switches.expiresIn === "number" ? lifeS : switches.expiresIn === "string" ? String(lifeS) : switches.expiresIn;
    const scope = switches.scopeForm === "array" ? granted : granted.join(switches.scopeForm === "comma" ? "," : " ");
    const rotated = grantType === "authorization_code" || switches.rotate === true;
    const body = {
      access_token: grants.issue(family, lifeS, granted),
      token_type: switches.tokenType,
      ...(life === "omit" ? {} : { expires_in: life }),
      ...(switches.omitScope ? {} : { scope }),
      ...(rotated && !switches.omitRefreshToken ? { refresh_token: grants.refreshToken(family) } : {}),
      ...(switches.issueIdToken ? { id_token: ledger.canary("id-token") } : {}),
    };
    // Some platforms answer in form encoding unless JSON is asked for.
    if (request.headers.get("accept")?.includes("application/json")) return json(200, body, { pragma: "no-cache" });
    return new Response(new URLSearchParams(body as Record<string, string>), { headers: { "cache-control": "no-store" } });
  }

  function refuse(refused: Parameters<typeof refusal>[0]): Response {
    const status = switches.errorWith200 ? 200 : refused.error === "invalid_client" ? Number(switches.clientRefusalStatus) : refused.status;
    if (switches.errorDialect === "html") return html(status, "<h1>Bad request</h1>");
    if (switches.errorDialect === "message") return json(status, { message: refused.error });
    return refusal({ ...refused, status });
  }

  function introspect(form: Map<string, string>): Response {
    const held = grants.live(form.get("token") ?? "");
    if (!held) return json(200, { active: false });
    const { sub, endsAt, scopes: granted } = held;
    const exp = Math.floor(endsAt / 1000);
    return json(200, { active: true, sub, client_id: client.id, scope: granted.join(" "), exp, token_type: "Bearer" });
  }

  /** RFC 6750: `needed` is the scope that the resource asks for. */
  function resource(request: Request, needed: string | null): Response {
    const presented = /^Bearer ([\x21-\x7e]+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
    const challenge = (error: string) => ({ "www-authenticate": `Bearer realm="simulated", error="${error}"` });
    const held = presented ? grants.live(presented) : null;
    if (!held) return json(401, {}, presented ? challenge("invalid_token") : { "www-authenticate": 'Bearer realm="simulated"' });
    if (needed && !held.scopes.includes(needed)) return json(403, {}, challenge("insufficient_scope"));
    const store = stores.find(({ id }) => id === held.sub);
    return json(200, { sub: held.sub, name: (store ?? options.elsewhere?.(held.sub))?.name, plan: store?.plan });
  }

  async function answer(request: Request, name: string | undefined): Promise<{ name: string; response: Response }> {
    if (name === "authorize") return { name: request.method === "POST" ? "decide" : name, response: await authorize(request, rules) };
    if (name === "userinfo" || name === "test") return { name, response: resource(request, name === "userinfo" ? "openid" : null) };
    if (name !== "token" && name !== "revoke" && name !== "introspect") return { name: "unknown", response: json(404, {}) };
    const form = await readForm(request);
    if (!(form instanceof Map)) return { name, response: refuse(form) };
    const called = name === "token" ? `token.${form.get("grant_type") ?? "none"}` : name;
    const refused =
      authenticate(request, form, client) ?? (name !== "token" && !form.has("token") ? { error: "invalid_request", status: 400 } : null);
    if (refused) return { name: called, response: refuse(refused) };
    if (name === "token") return { name: called, response: token(request, form) };
    if (name === "introspect") return { name, response: introspect(form) };
    const value = form.get("token") ?? "";
    if (switches.noAccessRevocation && grants.live(value))
      return { name, response: refuse({ error: "unsupported_token_type", status: 400 }) };
    grants.revoke(value, switches.tokensEndAlone === true);
    return { name, response: new Response(null, { status: 200 }) };
  }

  async function handle(request: Request): Promise<Response> {
    const path = new URL(request.url).pathname;
    const oauthForm =
      path === `/.well-known/oauth-authorization-server${issuerPath}` && ["both", "oauth"].includes(String(switches.metadata));
    const openidForm = path === `${issuerPath}/.well-known/openid-configuration` && ["both", "openid"].includes(String(switches.metadata));
    const { name, response } =
      oauthForm || openidForm ? { name: "metadata", response: metadata() } : await answer(request, ENDPOINTS[path]);
    ledger.record({ at: world.now().toISOString(), method: request.method, path, name, status: response.status });
    return response;
  }

  return {
    id: "oauth2",
    ledger,
    handle,
    switches,
    issuer,
    client,
    state,
    settings,
    living: () => grants.living(),
    revokeAtPlatform: (sub) => grants.endAllOf(sub),
    rotateClientSecret() {
      state.clientSecret = ledger.canary("client-secret");
      client.secret = state.clientSecret;
    },
  };
}

function verified(challenge: string | null, verifier: string | undefined): boolean {
  if (challenge === null) return verifier === undefined;
  return verifier !== undefined && createHash("sha256").update(verifier).digest("base64url") === challenge;
}
