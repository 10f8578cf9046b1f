import { generateKeyPairSync, randomBytes } from "node:crypto";
import type { NoonSettings } from "@/lib/providers/noon";
import { consentPage, type Store } from "./consent-page";
import { Ledger } from "./ledger";
import { freshIdentity, identityCalls, type NoonIdentity, rpcStatus } from "./noon-identity";
import { json, type Simulator, type World } from "./simulator";

const NOON_STORES: readonly Store[] = [
  { id: "PRJ410001", name: "Riyadh shop" },
  { id: "PRJ410002", name: "Jeddah shop" },
  { id: "PRJ410003", name: "متجر الأمل" },
];

/** All that the platform remembers; plain JSON, so that a demo can keep it between two runs. */
type NoonState = NoonIdentity & {
  integrator: { keyId: string; privateKey: string; projectCode: string };
  clientSecret: string;
  codes: Record<string, { store: string; endsAt: number; used: boolean }>;
  tokens: Record<string, { store: string; endsAt: number; used: boolean }>;
};

type Options = {
  redirectUri: string;
  stores?: readonly Store[];
  /** More of them, beside the usual ones. */
  own?: readonly Store[];
  state?: NoonState | undefined;
  codeLifeS?: number;
  tokenLifeS?: number;
  sessionLifeS?: number;
};

export type NoonSimulator = Simulator & {
  state: NoonState;
  /** What the provider must be configured with to be known here. */
  settings: NoonSettings;
  revokeAtPlatform: (projectCode: string) => void;
  rotateClientSecret: () => void;
  /** The integrator's key stops working, as if removed in the partner portal. */
  deactivateIntegrator: () => void;
  endSessions: () => void;
};

/** Noon's partner gateway, strict: origin serves the consent page at `/` and the API beside it. */
export function noonSimulator(world: World, options: Options): NoonSimulator {
  const ledger = new Ledger();
  const stores = [...(options.stores ?? NOON_STORES), ...(options.own ?? [])];
  const state = options.state ?? freshState(ledger);
  for (const held of [state.codes, state.tokens, state.sessions]) for (const secret of Object.keys(held)) ledger.keep(secret);
  for (const secret of [state.integrator.privateKey, state.clientSecret]) ledger.keep(secret);
  const clientId = "noon-client-latchkey";
  const nowMs = () => world.now().getTime();
  const switches: Simulator["switches"] = {
    htmlWhenSignedOut: false,
    htmlStatus: 401,
    failedStatus: "",
    nestedResult: false,
    omitResult: false,
    denyWithError: false,
    sessionMaxAgeS: 0,
    keyRemovalEndsSessions: true,
    removeRefused: false,
    callsPerMinute: 1500,
  };
  const identity = identityCalls({
    state,
    ledger,
    switches,
    nowMs,
    integratorKeyId: state.integrator.keyId,
    sessionLifeS: options.sessionLifeS ?? 30 * 86_400,
  });

  async function consent(request: Request, url: URL): Promise<Response> {
    const asked = [...url.searchParams.keys()].sort().join();
    if (asked !== "client_id,state" || url.searchParams.get("client_id") !== clientId || !url.searchParams.get("state")) {
      return rpcStatus(400, "INVALID_ARGUMENT", "client_id and state are required, and nothing else");
    }
    if (request.method === "GET") return consentPage("Noon", stores, ["Read and update your listings", "Read your orders"]);
    const form = new URLSearchParams(await request.text());
    const back = new URL(options.redirectUri);
    if (form.get("decision") === "approve" && stores.some((store) => store.id === form.get("store"))) {
      const code = ledger.canary("noon-code");
      state.codes[code] = { store: form.get("store") ?? "", endsAt: nowMs() + (options.codeLifeS ?? 300) * 1000, used: false };
      back.searchParams.set("code", code);
    } else if (switches.denyWithError) back.searchParams.set("error", "access_denied");
    back.searchParams.set("state", url.searchParams.get("state") ?? "");
    return new Response(null, { status: 303, headers: { location: back.href } });
  }

  function createToken(body: Record<string, unknown>): Response {
    const { grant_type, code, client_id, client_secret, ...rest } = body;
    if (Object.keys(rest).length > 0 || grant_type !== "authorization_code")
      return rpcStatus(400, "INVALID_ARGUMENT", "unexpected request");
    if (client_id !== clientId || client_secret !== state.clientSecret)
      return rpcStatus(401, "UNAUTHENTICATED", "invalid client_id or client_secret");
    const held = typeof code === "string" ? state.codes[code] : undefined;
    if (!held || held.used || held.endsAt <= nowMs()) return rpcStatus(400, "INVALID_ARGUMENT", "authorization code is not valid");
    held.used = true;
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const token = ledger.keep(
      `${part({ alg: "RS256", typ: "JWT" })}.${part({ jti: ledger.canary("noon-token") })}.${randomBytes(64).toString("base64url")}`,
    );
    state.tokens[token] = { store: held.store, endsAt: nowMs() + (options.tokenLifeS ?? 3600) * 1000, used: false };
    return json(200, {
      access_token: token,
      token_type: "TOKEN_TYPE_BEARER",
      expires_in: `${options.tokenLifeS ?? 3600}s`,
      scopes: ["listing.write", "order.read"],
      project_code: held.store,
    });
  }

  async function exchangeToken(body: Record<string, unknown>): Promise<Response> {
    const held = typeof body.access_token === "string" && Object.keys(body).length === 1 ? state.tokens[body.access_token] : undefined;
    if (!held || held.used) return rpcStatus(400, "INVALID_ARGUMENT", "access token is not valid");
    if (held.endsAt <= nowMs()) return rpcStatus(401, "UNAUTHENTICATED", "access token has expired");
    held.used = true;
    const answer = { project_code: held.store, oauth_request_id: `req-${randomBytes(8).toString("hex")}` };
    if (switches.failedStatus) {
      return json(200, {
        status: { status_id: 9, status_code: switches.failedStatus, message: "workflow failed", details: [] },
        ...answer,
      });
    }
    const credential = await identity.newAccount(state.integrator.projectCode, held.store);
    const result = switches.nestedResult
      ? { workflow: { steps: [{ name: "service_account" }, { resource: { credential } }] } }
      : credential;
    return json(200, {
      status: { status_id: 0, status_code: "OK", message: "", details: [] },
      ...answer,
      ...(switches.omitResult ? {} : { result }),
    });
  }

  async function route(request: Request, url: URL): Promise<[string, Response]> {
    if (url.pathname === "/") return [request.method === "GET" ? "authorize" : "consent", await consent(request, url)];
    if (url.pathname === "/identity/oauth/v1/token/create") {
      return ["token/create", await identity.asIntegrator(request, createToken)];
    }
    if (url.pathname === "/identity/oauth/v1/token/exchange") {
      return ["token/exchange", await identity.asIntegrator(request, exchangeToken)];
    }
    return identity.route(request, url);
  }

  return {
    id: "noon",
    ledger,
    state,
    switches,
    settings: {
      clientId,
      clientSecret: state.clientSecret,
      ...state.integrator,
      authorizeUrl: `${world.origin}/`,
      apiUrl: world.origin,
      userAgent: "Latchkey/0.1 (+https://latchkey.test)",
    },
    handle: async (request) => {
      const url = new URL(request.url);
      const [name, response] = await route(request, url);
      ledger.record({ at: world.now().toISOString(), method: request.method, path: url.pathname, name, status: response.status });
      return response;
    },
    revokeAtPlatform: identity.deactivateSeller,
    rotateClientSecret: () => {
      state.clientSecret = ledger.canary("noon-client-secret");
    },
    deactivateIntegrator: () => identity.deactivate(state.integrator.keyId),
    endSessions: () => {
      state.sessions = {};
    },
  };
}

let pair: { privateKey: string; publicKey: string } | undefined;

function freshState(ledger: Ledger): NoonState {
  // One pair per process: making it is slow, and no test tells two integrators apart by their keys.
  pair ??= generateKeyPairSync("rsa", {
    modulusLength: 2048,
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
    publicKeyEncoding: { type: "spki", format: "pem" },
  });
  const { privateKey, publicKey } = pair;
  const integrator = { keyId: `noon-partners-key-id-${randomBytes(16).toString("hex")}`, privateKey, projectCode: "PRJ900001" };
  return { ...freshIdentity(integrator, publicKey), integrator, clientSecret: ledger.canary("noon-client-secret"), codes: {}, tokens: {} };
}
