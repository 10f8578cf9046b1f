import { createHash } from "node:crypto";
import type { Oauth2Settings } from "@/lib/providers/oauth2";
import { consentPage } from "@/tests/simulators/consent-page";
import { Ledger } from "@/tests/simulators/ledger";
import { html, json, type Simulator, type World } from "@/tests/simulators/simulator";

// Google's web-server flow as developers.google.com describes it ("Using OAuth 2.0 for Web Server Applications", "OpenID Connect"):
// a refresh token comes with the first offline exchange of an account, and later only where consent was asked for anew.
const PEOPLE = [
  { sub: "106289769395363482359", name: "Riyadh shop" },
  { sub: "106289769395363482360", name: "متجر جدة" },
];
const ORDERS = "https://www.googleapis.com/auth/content";
const SCOPES = ["openid", "profile", ORDERS];
const LIFE_S = 3599;
const CODE_LIFE_MS = 600_000;
const READ = new Set(
  "client_id redirect_uri response_type scope access_type state include_granted_scopes login_hint prompt code_challenge code_challenge_method".split(
    " ",
  ),
);

/** All that one account has granted this client; it ends as a whole. */
type Given = { sub: string; scopes: string[]; ended: boolean; offline: boolean };
type Code = {
  given: Given;
  scopes: string[];
  redirectUri: string;
  challenge: string | null;
  withRefresh: boolean;
  endsAt: number;
  used: boolean;
};

export type GoogleShaped = Simulator & { settings: Oauth2Settings; removeAtGoogle: (sub: string) => void };

export function googleShaped(world: World, redirectUris: readonly string[]): GoogleShaped {
  const ledger = new Ledger();
  const client = { id: "407408718192.apps.googleusercontent.com", secret: ledger.canary("GOCSPX") };
  const givens: Given[] = [];
  const codes = new Map<string, Code>();
  const refreshTokens = new Map<string, { given: Given; scopes: string[] }>();
  const access = new Map<string, { given: Given; scopes: string[]; endsAt: number }>();
  const nowMs = () => world.now().getTime();
  const refused = (status: number, error: string, error_description: string) => json(status, { error, error_description });

  async function authorize(request: Request, query: URLSearchParams): Promise<Response> {
    const stay = (status: number, error: string) => html(status, `<h1>Error ${status}: ${error}</h1>`);
    const redirectUri = query.get("redirect_uri") ?? "";
    if (query.get("client_id") !== client.id) return stay(401, "invalid_client");
    if (!redirectUris.includes(redirectUri)) return stay(400, "redirect_uri_mismatch");
    if ([...query.keys()].some((name) => !READ.has(name) || query.getAll(name).length > 1)) return stay(400, "invalid_request");
    if (query.get("response_type") !== "code" || !["online", "offline", null].includes(query.get("access_type")))
      return stay(400, "invalid_request");
    const asked = (query.get("scope") ?? "").split(" ").filter(Boolean);
    if (asked.length === 0 || asked.some((scope) => !SCOPES.includes(scope))) return stay(400, "invalid_scope");
    const prompts = (query.get("prompt") ?? "").split(" ").filter(Boolean);
    if (prompts.some((one) => !["none", "consent", "select_account"].includes(one))) return stay(400, "invalid_request");
    const challenge = query.get("code_challenge");
    if (challenge !== null && query.get("code_challenge_method") !== "S256") return stay(400, "invalid_request");
    const back = (values: Record<string, string>) => {
      const url = new URL(redirectUri);
      const state = query.get("state");
      // `iss` comes with every answer, though the metadata does not announce it.
      const all = { ...(state === null ? {} : { state }), iss: world.origin, ...values };
      for (const [name, value] of Object.entries(all)) url.searchParams.set(name, value);
      return new Response(null, { status: 302, headers: { location: url.href } });
    };
    if (request.method === "GET")
      return consentPage(
        "Google",
        PEOPLE.map(({ sub, name }) => ({ id: sub, name })),
        asked,
      );
    const form = new URLSearchParams(await request.text());
    const person = PEOPLE.find(({ sub }) => sub === form.get("store"));
    if (form.get("decision") !== "approve" || !person) return back({ error: "access_denied" });
    const scopes = form.has("granted") ? asked.filter((scope) => form.get("granted")?.split(" ").includes(scope)) : asked;
    const before = givens.find((one) => one.sub === person.sub && !one.ended);
    const given = before ?? { sub: person.sub, scopes: [], ended: false, offline: false };
    if (!before) givens.push(given);
    given.scopes = [...new Set([...given.scopes, ...scopes])];
    const offline = query.get("access_type") === "offline";
    const withRefresh = offline && (!given.offline || prompts.includes("consent"));
    given.offline ||= offline;
    const code = ledger.canary("google-code");
    codes.set(code, { given, scopes, redirectUri, challenge, withRefresh, endsAt: nowMs() + CODE_LIFE_MS, used: false });
    return back({ code, scope: scopes.join(" "), authuser: "0", prompt: prompts.includes("consent") ? "consent" : "none" });
  }

  function issue(given: Given, scopes: string[], refreshToken: string | null): Response {
    const access_token = ledger.canary("ya29");
    access.set(access_token, { given, scopes, endsAt: nowMs() + LIFE_S * 1000 });
    return json(200, {
      access_token,
      expires_in: LIFE_S,
      ...(refreshToken === null ? {} : { refresh_token: refreshToken }),
      scope: scopes.join(" "),
      token_type: "Bearer",
      ...(scopes.includes("openid") ? { id_token: ledger.canary("google-id-token") } : {}),
    });
  }

  function token(request: Request, form: URLSearchParams): Response {
    if (!isClient(request, form, client)) return refused(401, "invalid_client", "Unauthorized");
    if (form.get("grant_type") === "refresh_token") {
      const held = refreshTokens.get(form.get("refresh_token") ?? "");
      if (!held || held.given.ended) return refused(400, "invalid_grant", "Token has been expired or revoked.");
      // The refresh token that was used is not repeated.
      return issue(held.given, held.scopes, null);
    }
    if (form.get("grant_type") !== "authorization_code") return refused(400, "unsupported_grant_type", "Invalid grant_type");
    const code = codes.get(form.get("code") ?? "");
    if (!code || code.used || code.given.ended || code.endsAt <= nowMs()) return refused(400, "invalid_grant", "Bad Request");
    if (form.get("redirect_uri") !== code.redirectUri) return refused(400, "redirect_uri_mismatch", "Bad Request");
    const verifier = form.get("code_verifier");
    if (code.challenge === null && verifier !== null) return refused(400, "invalid_grant", "code_verifier or verifier is not needed.");
    if (code.challenge !== null && code.challenge !== (verifier && createHash("sha256").update(verifier).digest("base64url")))
      return refused(400, "invalid_grant", verifier === null ? "Missing code verifier." : "Invalid code verifier.");
    code.used = true;
    const refreshToken = code.withRefresh ? ledger.canary("google-refresh") : null;
    if (refreshToken !== null) refreshTokens.set(refreshToken, { given: code.given, scopes: code.scopes });
    return issue(code.given, code.scopes, refreshToken);
  }

  /** Either token ends everything that its account granted this client. */
  function revoke(value: string): Response {
    const given = refreshTokens.get(value)?.given ?? access.get(value)?.given;
    if (!given || given.ended) return refused(400, "invalid_token", "Token expired or revoked");
    given.ended = true;
    return json(200, {});
  }

  function userinfo(request: Request): Response {
    const held = access.get(/^Bearer (\S+)$/.exec(request.headers.get("authorization") ?? "")?.[1] ?? "");
    if (!held || held.given.ended || held.endsAt <= nowMs()) {
      const challenge = { "www-authenticate": `Bearer realm="${world.origin}/", error="invalid_token"` };
      return json(401, { error: "invalid_request", error_description: "Invalid Credentials" }, challenge);
    }
    const person = PEOPLE.find(({ sub }) => sub === held.given.sub);
    return json(200, held.scopes.includes("profile") ? person : { sub: person?.sub });
  }

  const metadata = () =>
    json(200, {
      issuer: world.origin,
      authorization_endpoint: `${world.origin}/o/oauth2/v2/auth`,
      token_endpoint: `${world.origin}/token`,
      userinfo_endpoint: `${world.origin}/v1/userinfo`,
      revocation_endpoint: `${world.origin}/revoke`,
      response_types_supported: ["code", "token", "id_token", "code token", "none"],
      scopes_supported: ["openid", "email", "profile"],
      token_endpoint_auth_methods_supported: ["client_secret_post", "client_secret_basic"],
      code_challenge_methods_supported: ["plain", "S256"],
      grant_types_supported: ["authorization_code", "refresh_token"],
    });

  async function answer(request: Request, url: URL): Promise<[string, Response]> {
    const form = async () => new URLSearchParams(await request.text());
    const route = `${request.method} ${url.pathname}`;
    if (url.pathname === "/o/oauth2/v2/auth") return [route, await authorize(request, url.searchParams)];
    if (route === "GET /.well-known/openid-configuration") return [route, metadata()];
    if (route === "GET /v1/userinfo") return [route, userinfo(request)];
    if (route === "POST /token") return [route, token(request, await form())];
    if (route === "POST /revoke") return [route, revoke(url.searchParams.get("token") ?? (await form()).get("token") ?? "")];
    return [route, html(404, "<h1>404. That’s an error.</h1>")];
  }

  return {
    id: "google",
    ledger,
    switches: {},
    settings: {
      name: "Google",
      clientId: client.id,
      clientSecret: client.secret,
      issuer: world.origin,
      authorizeUrl: null,
      tokenUrl: null,
      revokeUrl: null,
      introspectUrl: null,
      userinfoUrl: null,
      testUrl: null,
      apiUrl: null,
      scopes: SCOPES,
      scopeSeparator: " ",
      authMethod: "post",
      pkce: true,
      authorizeParams: { access_type: "offline", prompt: "consent" },
      revokeEndsAll: true,
      allowInsecure: world.origin.startsWith("http:"),
    },
    removeAtGoogle(sub) {
      for (const given of givens) if (given.sub === sub) given.ended = true;
    },
    handle: async (request) => {
      const url = new URL(request.url);
      const [name, response] = await answer(request, url);
      ledger.record({ at: world.now().toISOString(), method: request.method, path: url.pathname, name, status: response.status });
      return response;
    },
  };
}

function isClient(request: Request, form: URLSearchParams, client: { id: string; secret: string }): boolean {
  const basic = /^Basic (\S+)$/.exec(request.headers.get("authorization") ?? "")?.[1];
  if (!basic) return form.get("client_id") === client.id && form.get("client_secret") === client.secret;
  const [id = "", secret = ""] = Buffer.from(basic, "base64").toString().split(":");
  return decodeURIComponent(id) === client.id && decodeURIComponent(secret) === client.secret;
}
