import { consentPage, type Store } from "./consent-page";
import { Ledger } from "./ledger";
import { json, type Simulator, type World } from "./simulator";
import { refuse, type Shown, ultracartApi } from "./ultracart-api";
import { ultracartGate } from "./ultracart-gate";

type Consent = { redirectUri: string; state: string; scopes: string[]; startedAt: number };
type Code = Consent & { store: string; grant: number | null; issuedAt: number };
type Granted = { store: string; scopes: string[]; alive: boolean; access: Record<string, number>; refresh: string[]; retired: string[] };
/** Everything that outlives a call, as JSON: what the demo keeps over a restart. */
export type UltracartState = { secret: string | null; consents: Record<string, Consent>; codes: Record<string, Code>; grants: Granted[] };
type Options = {
  redirectUris: string[];
  secret?: boolean;
  lifeS?: number | undefined;
  stores?: readonly Store[];
  /** More of them, beside the usual ones. */
  own?: readonly Store[];
  scopes?: string[];
  state?: UltracartState | undefined;
  /** Stores that nobody can choose on the consent page. */
  elsewhere?: (id: string) => Store | undefined;
};

export type UltracartSimulator = Simulator & {
  clientId: string;
  state: UltracartState;
  /** The merchant deletes the Authorized Application in the back office. */
  revokeAtPlatform: (merchantId: string) => void;
  rotateClientSecret: () => void;
};

const ULTRACART_STORES: readonly Store[] = [
  { id: "RIYAD", name: "Riyadh shop" },
  { id: "JEDDA", name: "Jeddah shop" },
  { id: "AMAL1", name: "متجر الأمل" },
];
const CLIENT_ID = "simulated-ultracart-app";
const CODE_LIFE_MS = 60_000;
const LINK_LIFE_MS = 10 * 60_000;

/**
 * UltraCart under /rest/v2. Switches: `tokenErrors` envelope | oauth (200 with `error`), `rotation`, `omitRefresh`, `expiresIn` (text; "omit"),
 * `omitScope`, `presetProfile` (redirect_uri and scope must not be sent), `expireLinks`, `appDisabled` (410), `revokeFails`,
 * `authorizeStatus` (200, or what the authorize page refuses with), `hourly` (calls), `busyMs` (how long a call takes, so that others overlap), `emptyShop`, `storefront` (status), `ungranted` (status).
 */
export function ultracartSimulator(world: World, options: Options): UltracartSimulator {
  const ledger = new Ledger();
  const stores = [...(options.stores ?? ULTRACART_STORES), ...(options.own ?? [])];
  const state: UltracartState = options.state ?? {
    secret: options.secret === false ? null : ledger.canary("ultracart-secret"),
    consents: {},
    codes: {},
    grants: [],
  };
  for (const grant of state.grants) for (const secret of [...Object.keys(grant.access), ...grant.refresh]) ledger.keep(secret);
  if (state.secret) ledger.keep(state.secret);
  const switches: Simulator["switches"] = {
    tokenErrors: "envelope",
    rotation: true,
    omitRefresh: false,
    expiresIn: "",
    omitScope: false,
    presetProfile: false,
    expireLinks: false,
    appDisabled: false,
    revokeFails: false,
    authorizeStatus: 200,
    hourly: 1000,
    busyMs: 0,
    emptyShop: false,
    storefront: 200,
    ungranted: 403,
  };
  const serial = ultracartGate(world, switches);
  const nowMs = () => world.now().getTime();

  function authorize(url: URL): Response {
    const query = url.searchParams;
    if (switches.authorizeStatus !== 200) return refuse(Number(switches.authorizeStatus), "the page is not served");
    for (const name of ["client_id", "response_type", "state"]) {
      if (query.getAll(name).length !== 1 || query.get(name) === "") return refuse(400, `${name} is required`);
    }
    if (query.get("client_id") !== CLIENT_ID) return refuse(400, "client_id is not known");
    if (query.get("response_type") !== "code") return refuse(400, "response_type must be code");
    const preset = switches.presetProfile === true;
    if (preset && (query.has("redirect_uri") || query.has("scope")))
      return refuse(400, "redirect_uri and scope are set by the application's profile");
    const redirectUri = query.get("redirect_uri") ?? options.redirectUris[0] ?? "";
    if (!options.redirectUris.includes(redirectUri)) return refuse(400, "redirect_uri is not registered");
    const id = ledger.canary("ultracart-consent");
    const scopes = query.get("scope")?.split(" ") ?? options.scopes ?? ["item_read", "order_read"];
    state.consents[id] = { redirectUri, state: query.get("state") ?? "", scopes, startedAt: nowMs() };
    return new Response("", { status: 307, headers: { location: `${world.origin}/rest/v2/oauth/consent?request=${id}` } });
  }

  async function consent(request: Request, url: URL): Promise<Response> {
    const id = url.searchParams.get("request") ?? "";
    const asked = state.consents[id];
    if (!asked) return refuse(404, "the request is not known");
    if (request.method === "GET") return consentPage("UltraCart", stores, asked.scopes);
    const form = new URLSearchParams(await request.text());
    const back = new URL(asked.redirectUri);
    back.searchParams.set("state", asked.state);
    delete state.consents[id];
    if (switches.expireLinks === true || nowMs() - asked.startedAt > LINK_LIFE_MS) back.searchParams.set("error", "invalid_request");
    else if (form.get("decision") !== "approve") back.searchParams.set("error", "access_denied");
    else {
      const store = stores.find((one) => one.id === form.get("store"));
      if (!store) return refuse(400, "the store is not known");
      const code = ledger.canary("ultracart-code");
      state.codes[code] = { ...asked, store: store.id, grant: null, issuedAt: nowMs() };
      back.searchParams.set("code", code);
    }
    return new Response("", { status: 303, headers: { location: back.href } });
  }

  async function token(form: URLSearchParams): Promise<Response> {
    const refused = clientRefused(form);
    if (refused) return refused;
    if (form.get("grant_type") === "authorization_code") {
      const code = state.codes[form.get("code") ?? ""];
      if (!form.get("redirect_uri")) return tokenRefused("invalid_request", "redirect_uri is required");
      if (!code || code.redirectUri !== form.get("redirect_uri"))
        return tokenRefused("invalid_grant", "the authorization code is not valid");
      if (code.grant !== null || nowMs() - code.issuedAt > CODE_LIFE_MS) {
        const reused = code.grant === null ? undefined : state.grants[code.grant];
        if (reused) reused.alive = false;
        return tokenRefused("invalid_grant", "the authorization code is not valid");
      }
      const grant: Granted = { store: code.store, scopes: code.scopes, alive: true, access: {}, refresh: [], retired: [] };
      code.grant = state.grants.push(grant) - 1;
      return issue(grant, true);
    }
    if (form.get("grant_type") !== "refresh_token") return tokenRefused("unsupported_grant_type", "grant_type is not supported", 400);
    const sent = form.get("refresh_token") ?? "";
    const grant = state.grants.find((one) => one.refresh.includes(sent));
    const retired = state.grants.find((one) => one.retired.includes(sent));
    // The harshest known reading: a rotated token that comes back ends everything that descends from it.
    if (retired) retired.alive = false;
    if (!grant?.alive) return tokenRefused("invalid_grant", "the refresh token is not valid");
    if (switches.rotation === true) {
      grant.refresh = grant.refresh.filter((one) => one !== sent);
      grant.retired.push(sent);
    }
    return issue(grant, switches.rotation === true);
  }

  function issue(grant: Granted, withRefresh: boolean): Response {
    const lifeS = options.lifeS ?? 3600;
    const access = ledger.canary("ultracart-access");
    grant.access[access] = nowMs() + lifeS * 1000;
    const refresh = withRefresh && switches.omitRefresh !== true ? ledger.canary("ultracart-refresh") : null;
    if (refresh) grant.refresh.push(refresh);
    return json(200, {
      access_token: access,
      token_type: "bearer",
      ...(switches.expiresIn === "omit" ? {} : { expires_in: String(switches.expiresIn || lifeS) }),
      ...(refresh ? { refresh_token: refresh } : {}),
      ...(switches.omitScope === true ? {} : { scope: grant.scopes.join(" ") }),
    });
  }

  function revoke(form: URLSearchParams): Response {
    const refused = clientRefused(form);
    if (refused) return refused;
    if (!form.get("token")) return refuse(400, "token is required");
    const found = state.grants.find((one) => one.alive && (one.access[form.get("token") ?? ""] ?? 0) > nowMs());
    if (!found || switches.revokeFails === true) return json(200, { successful: false, message: "The token could not be revoked." });
    end(found.store);
    return json(200, { successful: true, message: "Revoked." });
  }

  /** It is the application that is revoked, so everything of this merchant's ends. */
  function end(store: string): void {
    for (const grant of state.grants) if (grant.store === store) grant.alive = false;
  }

  function clientRefused(form: URLSearchParams): Response | null {
    if (!form.get("client_id")) return tokenRefused("invalid_request", "client_id is required");
    if (form.get("client_id") !== CLIENT_ID) return tokenRefused("invalid_client", "client_id is not known");
    if (state.secret !== null && form.get("client_secret") !== state.secret)
      return tokenRefused("invalid_client", "client_secret is wrong");
    return null;
  }

  function tokenRefused(error: string, text: string, status = switches.tokenErrors === "oauth" ? 200 : 400): Response {
    if (status === 200) return json(200, { error, error_description: text, error_uri: "https://www.ultracart.example/errors" });
    return refuse(status, text);
  }

  function shownTo(request: Request): Shown | null {
    const bearer = /^Bearer (\S+)$/.exec(request.headers.get("authorization") ?? "")?.[1] ?? "";
    const grant = state.grants.find((one) => one.alive && (one.access[bearer] ?? 0) > nowMs());
    const store = stores.find((one) => one.id === grant?.store) ?? (grant && options.elsewhere?.(grant.store));
    return grant && store ? { store, scopes: grant.scopes } : null;
  }

  async function answer(request: Request): Promise<{ name: string; response: Response }> {
    const url = new URL(request.url);
    const path = url.pathname.replace(/^\/rest\/v2/, "");
    if (path === url.pathname) return { name: "unknown", response: new Response("", { status: 404 }) };
    if (path === "/oauth/authorize" && request.method === "GET") return { name: "authorize", response: authorize(url) };
    if (path === "/oauth/consent") return { name: "consent", response: await consent(request, url) };
    if (path === "/oauth/token" && request.method === "POST") return { name: "token", response: await serial(request, token) };
    if (path === "/oauth/revoke" && request.method === "POST") return { name: "revoke", response: await serial(request, revoke) };
    const api = () => ultracartApi(path, url.searchParams, shownTo(request), switches);
    return { name: path.slice(1), response: await serial(request, api) };
  }

  return {
    id: "ultracart",
    ledger,
    switches,
    clientId: CLIENT_ID,
    state,
    handle: async (request) => {
      const { name, response } = await answer(request);
      ledger.record({
        at: world.now().toISOString(),
        method: request.method,
        path: new URL(request.url).pathname,
        name,
        status: response.status,
      });
      return response;
    },
    revokeAtPlatform: end,
    rotateClientSecret: () => {
      state.secret = ledger.canary("ultracart-secret");
    },
  };
}
