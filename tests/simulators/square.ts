import type { SquareSettings } from "@/lib/providers/square";
import { consentPage, type Store } from "./consent-page";
import { Ledger } from "./ledger";
import { html, json, type Simulator, type World } from "./simulator";
import { SELLER_PATH, sellerPage } from "./square-seller";
import type { Environment, SquareState, SquareSwitches } from "./square-state";
import { legacy, tokenCalls } from "./square-tokens";
import { type Revoker, type SquareWebhooks, squareWebhooks } from "./square-webhooks";

const SQUARE_STORES: readonly Store[] = [
  { id: "MLRIYADH00001", name: "Riyadh shop" },
  { id: "MLJEDDAH00002", name: "Jeddah shop" },
  { id: "MLAMAL0000003", name: "متجر الأمل" },
];

const LOCALES = ["en-US", "en-CA", "en-IE", "es-US", "fr-CA", "ja-JP"];
const PARAMETERS = ["client_id", "scope", "session", "state", "locale", "redirect_uri", "code_challenge", "response_type"];

type Options = {
  redirectUris: readonly string[];
  stores?: readonly Store[];
  /** More of them, beside the usual ones. */
  own?: readonly Store[];
  state?: SquareState | undefined;
  codeLifeS?: number;
  accessLifeS?: number;
  /** Stores that nobody can choose on the consent page. */
  elsewhere?: (id: string) => Store | undefined;
};

export type SquareSimulator = Simulator & {
  switches: SquareSwitches;
  state: SquareState;
  /** What the provider must be configured with; the environment is the host's, as at Square. */
  settings: SquareSettings;
  webhooks: SquareWebhooks;
  revokeAtPlatform: (merchantId: string, by?: Revoker) => void;
  rotateClientSecret: () => void;
  /** A token from before refresh tokens existed. */
  issueLegacy: (merchantId: string, lifeS?: number) => string;
};

/** Square's connect host, strict: production and sandbox live side by side and know nothing of each other. */
export function squareSimulator(world: World, options: Options): SquareSimulator {
  const ledger = new Ledger();
  const stores = [...(options.stores ?? SQUARE_STORES), ...(options.own ?? [])];
  const state = options.state ?? freshState(ledger);
  const nowMs = () => world.now().getTime();
  const switches: SquareSwitches = {
    skipConsent: false,
    renewWorks: false,
    unknownRevoke: "404",
    revokeSuccess: true,
    omitRefreshToken: false,
    newestVersion: "2026-09-16",
  };
  for (const app of Object.values(state.apps)) ledger.keep(app.secret);
  for (const held of [state.codes, state.access, state.refresh]) for (const secret of Object.keys(held)) ledger.keep(secret);
  const environmentOf = (url: URL): Environment => (url.hostname.includes("sandbox") ? "sandbox" : "production");
  const here = environmentOf(new URL(world.origin));
  const webhooks = squareWebhooks(ledger, nowMs);
  // Subscriptions belong to this host's application.
  const revoked = (environment: Environment, merchant: string, by: Revoker) => environment === here && webhooks.revoked(merchant, by);
  const calls = tokenCalls({ state, ledger, switches, nowMs, accessLifeS: options.accessLifeS ?? 30 * 86_400, revoked });

  async function authorize(request: Request, url: URL): Promise<Response> {
    const environment = environmentOf(url);
    const query = url.searchParams;
    const refuse = (why: string) => html(400, `<h1>${why}</h1>`);
    const redirectUri = query.get("redirect_uri");
    if ([...query.keys()].some((name) => !PARAMETERS.includes(name) || query.getAll(name).length > 1))
      return refuse("Unknown or repeated parameter");
    if (query.get("client_id") !== state.apps[environment].clientId) return refuse("Unknown application");
    if (redirectUri !== null && !options.redirectUris.includes(redirectUri)) return refuse("The redirect URL is not registered");
    if (environment === "sandbox" && query.get("session") === "false") return refuse("session=false is not supported in the sandbox");
    if (query.has("locale") && !LOCALES.includes(query.get("locale") ?? "")) return refuse("Unknown locale");
    if (query.has("code_challenge") && !/^[\w-]{43}$/.test(query.get("code_challenge") ?? "")) return refuse("Bad code challenge");
    const scopes = (query.get("scope") ?? "MERCHANT_PROFILE_READ PAYMENTS_READ").split(" ");
    if (scopes.some((scope) => !/^[A-Z]+(_[A-Z]+)*_(READ|WRITE)$/.test(scope))) return refuse("Unknown permission");

    const back = new URL(redirectUri ?? options.redirectUris[0] ?? "");
    const answer = (values: Record<string, string>) => {
      for (const [name, value] of Object.entries(values)) back.searchParams.set(name, value);
      if (query.get("state") !== null) back.searchParams.set("state", query.get("state") ?? "");
      return new Response(null, { status: 303, headers: { location: back.href } });
    };
    const approve = (merchant: string) => {
      const code = ledger.canary("square-code");
      const endsAt = nowMs() + (options.codeLifeS ?? 300) * 1000;
      state.codes[code] = { environment, merchant, scopes, redirectUri, challenge: query.get("code_challenge"), endsAt, used: false };
      return answer({ code, response_type: "code" });
    };
    const again = switches.skipConsent && stores.find((store) => calls.isAuthorized(environment, store.id, scopes));
    if (again) return approve(again.id);
    if (request.method === "GET") return consentPage("Square", stores, scopes);
    const form = new URLSearchParams(await request.text());
    const store = stores.find((one) => one.id === form.get("store"));
    return form.get("decision") === "approve" && store
      ? approve(store.id)
      : answer({ error: "access_denied", error_description: "user_denied" });
  }

  function merchantMe(request: Request, environment: Environment): Response {
    const held = calls.bearer(request, environment);
    if (held instanceof Response) return held;
    if (!held.scopes.includes("MERCHANT_PROFILE_READ")) {
      return json(403, {
        errors: [
          {
            category: "AUTHENTICATION_ERROR",
            code: "INSUFFICIENT_SCOPES",
            detail: "The merchant has not given your application permission",
          },
        ],
      });
    }
    const business_name = (stores.find((store) => store.id === held.merchant) ?? options.elsewhere?.(held.merchant))?.name;
    return json(200, { merchant: { id: held.merchant, business_name, country: "SA", status: "ACTIVE" } });
  }

  async function seller(request: Request, environment: Environment): Promise<Response> {
    if (request.method === "GET") return sellerPage(stores, (id) => calls.isAuthorized(environment, id, []));
    const store = new URLSearchParams(await request.text()).get("store") ?? "";
    calls.endAuthorization(environment, store, "MERCHANT");
    return new Response(null, { status: 303, headers: { location: SELLER_PATH } });
  }

  async function route(request: Request, url: URL): Promise<[string, Response]> {
    const environment = environmentOf(url);
    if (url.pathname === "/oauth2/authorize") return [request.method === "GET" ? "authorize" : "consent", await authorize(request, url)];
    if (url.pathname === SELLER_PATH) return ["seller", await seller(request, environment)];
    const version = request.headers.get("square-version");
    if (version !== null && (!/^20\d\d-\d\d-\d\d$/.test(version) || version > String(switches.newestVersion))) {
      return [
        "version",
        json(400, {
          errors: [{ category: "INVALID_REQUEST_ERROR", code: "INVALID_VALUE", field: "Square-Version", detail: "Unknown version" }],
        }),
      ];
    }
    if (request.method === "GET" && url.pathname === "/v2/merchants/me") return ["merchants/me", merchantMe(request, environment)];
    if (request.method === "POST" && url.pathname === "/oauth2/token") return ["token", await calls.token(request, environment)];
    if (request.method === "POST" && url.pathname === "/oauth2/token/status")
      return ["token/status", await calls.status(request, environment)];
    if (request.method === "POST" && url.pathname === "/oauth2/revoke") return ["revoke", await calls.revoke(request, environment)];
    if (request.method === "POST" && url.pathname === `/oauth2/clients/${state.apps[environment].clientId}/access-token/renew`) {
      return ["renew", await calls.renew(request, environment)];
    }
    return ["unknown", legacy(404, "not_found", "Not Found")];
  }

  return {
    id: "square",
    ledger,
    state,
    switches,
    settings: {
      clientId: state.apps[here].clientId,
      clientSecret: state.apps[here].secret,
      scopes: ["MERCHANT_PROFILE_READ", "ORDERS_READ", "ITEMS_READ"],
      pkce: false,
      apiUrl: world.origin,
      version: "2026-09-16",
      webhookKey: null,
    },
    handle: async (request) => {
      const url = new URL(request.url);
      const [name, response] = await route(request, url);
      ledger.record({ at: world.now().toISOString(), method: request.method, path: url.pathname, name, status: response.status });
      return response;
    },
    webhooks: { subscribe: webhooks.subscribe, deliver: webhooks.deliver },
    revokeAtPlatform: (merchantId, by = "MERCHANT") => void calls.endAuthorization(here, merchantId, by),
    rotateClientSecret: () => {
      state.apps[here].secret = ledger.canary("square-secret");
    },
    issueLegacy: (merchantId, lifeS) => calls.issueLegacy(here, merchantId, lifeS),
  };
}

function freshState(ledger: Ledger): SquareState {
  return {
    apps: {
      production: { clientId: "sq0idp-LatchkeySimulated", secret: ledger.canary("square-secret") },
      sandbox: { clientId: "sandbox-sq0idb-LatchkeySimulated", secret: ledger.canary("square-sandbox-secret") },
    },
    codes: {},
    access: {},
    refresh: {},
  };
}
