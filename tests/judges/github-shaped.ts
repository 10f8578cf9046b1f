import { createHash } from "node:crypto";
import type { Oauth2Settings } from "@/lib/providers/oauth2";
import { consentPage } from "@/tests/simulators/consent-page";
import { Ledger } from "@/tests/simulators/ledger";
import { html, json, type Simulator, type World } from "@/tests/simulators/simulator";

// An OAuth app at GitHub as docs.github.com describes it ("Authorizing OAuth apps", "Troubleshooting", "REST API endpoints for OAuth
// authorizations"), with nothing that is not said there: the standard's own habits are not assumed.
const PEOPLE = [
  { id: 583231, login: "riyadh-shop", name: "Riyadh shop" },
  { id: 583232, login: "jeddah-shop", name: null },
];
const SCOPES = ["repo", "gist", "user", "user:email", "read:org"];
const CODE_LIFE_MS = 600_000;
const DOCUMENTED = ["client_id", "redirect_uri", "login", "scope", "state", "allow_signup", "prompt"];
// `response_type` is the standard's; GitHub neither documents nor minds it.
const READ = new Set([...DOCUMENTED, "code_challenge", "code_challenge_method", "response_type"]);

type Code = { redirectUri: string; scopes: string[]; userId: number; challenge: string | null; endsAt: number; used: boolean };
type Token = { scopes: string[]; userId: number };

export type GithubShaped = Simulator & { settings: Oauth2Settings; clientSecret: string; removeAtGithub: (userId: number) => void };

export function githubShaped(world: World, callbackUrl: string): GithubShaped {
  const ledger = new Ledger();
  const client = { id: "Iv1.8a61f9b3a7aba766", secret: ledger.canary("github-secret") };
  const codes = new Map<string, Code>();
  const tokens = new Map<string, Token>();
  const switches: Simulator["switches"] = { suspended: false };

  async function authorize(request: Request, query: URLSearchParams): Promise<Response> {
    if (query.get("client_id") !== client.id) return html(404, "<h1>Not Found</h1>");
    if ([...query.keys()].some((name) => !READ.has(name))) return html(400, "<h1>Unknown parameter</h1>");
    const back = (values: Record<string, string>, to = callbackUrl) => {
      const url = new URL(to);
      const state = query.get("state");
      for (const [name, value] of Object.entries({ ...values, ...(state === null ? {} : { state }) })) url.searchParams.set(name, value);
      return new Response(null, { status: 302, headers: { location: url.href } });
    };
    const error = (name: string, description: string) => back({ error: name, error_description: description, error_uri: `/apps/#${name}` });
    if (switches.suspended) return error("application_suspended", "Your application has been suspended. Contact support@github.com.");
    const redirectUri = query.get("redirect_uri") ?? callbackUrl;
    if (!isUnder(redirectUri, callbackUrl))
      return error("redirect_uri_mismatch", "The redirect_uri MUST match the registered callback URL for this application.");
    const challenge = query.get("code_challenge");
    if (challenge !== null && (query.get("code_challenge_method") !== "S256" || !/^[\w-]{43}$/.test(challenge)))
      return html(400, "<h1>Only S256 is accepted</h1>");
    const asked = (query.get("scope") ?? "").split(" ").filter(Boolean);
    // What is asked for is separated by spaces, unlike what is answered.
    if (asked.some((scope) => !SCOPES.includes(scope))) return html(400, "<h1>Unknown scope</h1>");
    if (request.method === "GET")
      return consentPage(
        "GitHub",
        PEOPLE.map(({ id, login }) => ({ id: String(id), name: login })),
        asked,
      );
    const form = new URLSearchParams(await request.text());
    const person = PEOPLE.find(({ id }) => String(id) === form.get("store"));
    if (form.get("decision") !== "approve" || !person) return error("access_denied", "The user has denied your application access.");
    // "Users can edit their scopes, effectively granting your application less access than you originally requested."
    const scopes = form.has("granted") ? asked.filter((scope) => form.get("granted")?.split(" ").includes(scope)) : asked;
    const code = ledger.canary("github-code");
    codes.set(code, { redirectUri, scopes, userId: person.id, challenge, endsAt: world.now().getTime() + CODE_LIFE_MS, used: false });
    return back({ code }, redirectUri);
  }

  function exchange(form: URLSearchParams): Record<string, string> {
    const refused = (error: string, error_description: string) => ({ error, error_description, error_uri: `/apps/#${error}` });
    // The documentation names parameters only: a header proves nothing.
    if (form.get("client_id") !== client.id || form.get("client_secret") !== client.secret)
      return refused("incorrect_client_credentials", "The client_id and/or client_secret passed are incorrect.");
    const bad = refused("bad_verification_code", "The code passed is incorrect or expired.");
    const code = codes.get(form.get("code") ?? "");
    if (!code || code.used || code.endsAt <= world.now().getTime()) return bad;
    const redirectUri = form.get("redirect_uri");
    if (redirectUri !== null && redirectUri !== code.redirectUri)
      return refused("redirect_uri_mismatch", "The redirect_uri MUST match the registered callback URL for this application.");
    const verifier = form.get("code_verifier");
    if (code.challenge !== null && code.challenge !== (verifier && createHash("sha256").update(verifier).digest("base64url"))) return bad;
    code.used = true;
    const access_token = ledger.canary("gho");
    tokens.set(access_token, { scopes: code.scopes, userId: code.userId });
    return { access_token, scope: code.scopes.join(","), token_type: "bearer" };
  }

  /** Always 200, in the dialect of the Accept header; a form where it names neither JSON nor XML. */
  function inDialect(request: Request, body: Record<string, string>): Response {
    const accept = request.headers.get("accept") ?? "";
    if (accept.includes("application/json")) return json(200, body, { "content-type": "application/json; charset=utf-8" });
    if (accept.includes("application/xml")) {
      const fields = Object.entries(body).map(([name, value]) => `<${name}>${value}</${name}>`);
      return new Response(`<OAuth>${fields.join("")}</OAuth>`, { headers: { "content-type": "application/xml; charset=utf-8" } });
    }
    return new Response(new URLSearchParams(body), { headers: { "content-type": "application/x-www-form-urlencoded; charset=utf-8" } });
  }

  /** The REST API beside it, which knows tokens but no RFC 7009. */
  async function api(request: Request, path: string): Promise<Response> {
    if (!request.headers.get("user-agent")) return new Response("Request forbidden by administrative rules.", { status: 403 });
    if (path === "/user" && request.method === "GET") {
      const held = tokens.get(/^(?:Bearer|token) (\S+)$/i.exec(request.headers.get("authorization") ?? "")?.[1] ?? "");
      if (!held) return json(401, { message: "Bad credentials", documentation_url: "https://docs.github.com/rest", status: "401" });
      return json(200, PEOPLE.find(({ id }) => id === held.userId) ?? {}, { "x-oauth-scopes": held.scopes.join(", ") });
    }
    if (path !== `/applications/${client.id}/token` || !["POST", "DELETE"].includes(request.method))
      return json(404, { message: "Not Found" });
    const basic = `Basic ${Buffer.from(`${client.id}:${client.secret}`).toString("base64")}`;
    if (request.headers.get("authorization") !== basic) return json(404, { message: "Not Found" });
    const body = (await request.json().catch(() => null)) as { access_token?: string } | null;
    if (body === null) return json(400, { message: "Problems parsing JSON" });
    const held = tokens.get(body.access_token ?? "");
    if (!held) return request.method === "POST" ? json(404, { message: "Not Found" }) : json(422, { message: "Validation Failed" });
    if (request.method === "POST") return json(200, { token: body.access_token, scopes: held.scopes });
    tokens.delete(body.access_token ?? "");
    return new Response(null, { status: 204 });
  }

  async function answer(request: Request, url: URL): Promise<[string, Response]> {
    if (url.pathname === "/login/oauth/authorize")
      return [request.method === "GET" ? "authorize" : "decide", await authorize(request, url.searchParams)];
    if (url.pathname === "/login/oauth/access_token" && request.method === "POST")
      return ["access_token", inDialect(request, exchange(new URLSearchParams(await request.text())))];
    return [`${request.method} ${url.pathname}`, await api(request, url.pathname)];
  }

  return {
    id: "github",
    ledger,
    switches,
    clientSecret: client.secret,
    settings: {
      name: "GitHub",
      clientId: client.id,
      clientSecret: client.secret,
      issuer: null,
      authorizeUrl: `${world.origin}/login/oauth/authorize`,
      tokenUrl: `${world.origin}/login/oauth/access_token`,
      revokeUrl: null,
      introspectUrl: null,
      userinfoUrl: null,
      testUrl: `${world.origin}/user`,
      apiUrl: null,
      scopes: ["repo", "gist"],
      scopeSeparator: " ",
      authMethod: "post",
      pkce: true,
      authorizeParams: { allow_signup: "false" },
      revokeEndsAll: false,
      allowInsecure: world.origin.startsWith("http:"),
    },
    removeAtGithub(userId) {
      for (const [token, held] of tokens) if (held.userId === userId) tokens.delete(token);
    },
    handle: async (request) => {
      const url = new URL(request.url);
      const [name, response] = await answer(request, url);
      ledger.record({ at: world.now().toISOString(), method: request.method, path: url.pathname, name, status: response.status });
      return response;
    },
  };
}

/** "The host and port must exactly match, and the path must reference a subdirectory of the callback URL." */
function isUnder(redirectUri: string, callbackUrl: string): boolean {
  const [asked, registered] = [URL.canParse(redirectUri) ? new URL(redirectUri) : null, new URL(callbackUrl)];
  if (!asked || asked.host !== registered.host) return false;
  return asked.pathname === registered.pathname || asked.pathname.startsWith(`${registered.pathname.replace(/\/$/, "")}/`);
}
