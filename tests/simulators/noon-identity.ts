import { createPublicKey, generateKeyPair, randomBytes, randomUUID, verify } from "node:crypto";
import { promisify } from "node:util";
import type { Ledger } from "./ledger";
import { html, json, type Simulator } from "./simulator";

type Key = { publicKey: string; project: string; active: boolean; endsAt: number | null };
/** `seller`: the project that a merchant opened to it; null: the integrator's own account. */
type Account = { userCode: string; seller: string | null; keys: Record<string, Key> };
type Session = { keyId: string; channel: string; project: string; refresh: string; endsAt: number };

export type NoonIdentity = { accounts: Record<string, Account>; sessions: Record<string, Session>; jtis: string[] };

type Parts = {
  state: NoonIdentity;
  ledger: Ledger;
  switches: Simulator["switches"];
  nowMs: () => number;
  integratorKeyId: string;
  sessionLifeS: number;
};

export function rpcStatus(status: number, code: string, message: string): Response {
  return json(status, { status_id: status === 401 ? 16 : status === 404 ? 5 : 3, status_code: code, message, details: [] });
}

export function freshIdentity(integrator: { keyId: string; projectCode: string }, publicKey: string): NoonIdentity {
  const key: Key = { publicKey, project: integrator.projectCode, active: true, endsAt: null };
  return {
    accounts: { "latchkey@p900001.idp.noon.partners": { userCode: "U-1", seller: null, keys: { [integrator.keyId]: key } } },
    sessions: {},
    jtis: [],
  };
}

/** Service accounts, their keys and the cookie sessions that the keys open. */
export function identityCalls({ state, ledger, switches, nowMs, integratorKeyId, sessionLifeS }: Parts) {
  const recent: number[] = [];

  /** The body of a well-formed call, or the refusal of a malformed one. */
  async function admit(request: Request): Promise<Record<string, unknown> | Response> {
    const minuteAgo = nowMs() - 60_000;
    while ((recent[0] ?? nowMs()) < minuteAgo) recent.shift();
    if (recent.push(nowMs()) > Number(switches.callsPerMinute)) return rpcStatus(429, "RESOURCE_EXHAUSTED", "too many requests");
    // The platform refuses callers that do not name themselves; a bare runtime's name is none.
    if (!/^[\w-]+\/\S/.test(request.headers.get("user-agent") ?? "")) return html(403, "<h1>Access denied</h1>");
    if (request.method === "GET") return {};
    if (!/^application\/json\b/.test(request.headers.get("content-type") ?? ""))
      return rpcStatus(415, "INVALID_ARGUMENT", "JSON is required");
    try {
      return JSON.parse(await request.text()) as Record<string, unknown>;
    } catch {
      return rpcStatus(400, "INVALID_ARGUMENT", "JSON is required");
    }
  }

  function sessionOf(request: Request): Session | null {
    const cookies = new Map(
      (request.headers.get("cookie") ?? "").split("; ").map((pair) => [pair.split("=")[0], pair.slice(pair.indexOf("=") + 1)]),
    );
    const session = state.sessions[cookies.get("_npsid") ?? ""];
    return session && session.refresh === cookies.get("_nprt") && session.endsAt > nowMs() ? session : null;
  }

  const signedOut = () =>
    switches.htmlWhenSignedOut
      ? html(Number(switches.htmlStatus), "<h1>Sign in to Noon</h1>")
      : rpcStatus(401, "UNAUTHENTICATED", "session is not valid");

  async function signedIn(request: Request, work: (body: Record<string, unknown>, session: Session) => Response | Promise<Response>) {
    const body = await admit(request);
    if (body instanceof Response) return body;
    const session = sessionOf(request);
    return session ? work(body, session) : signedOut();
  }

  function login(body: Record<string, unknown>): Response {
    const { token, default_project_code: wanted } = body;
    const refused = (why: string) => rpcStatus(401, "UNAUTHENTICATED", why);
    const [header = "", payload = "", signature = ""] = typeof token === "string" ? token.split(".") : [];
    const read = (part: string): Record<string, unknown> => {
      try {
        return JSON.parse(Buffer.from(part, "base64url").toString()) as Record<string, unknown>;
      } catch {
        return {};
      }
    };
    const { sub, iat, jti } = read(payload);
    const found = Object.entries(state.accounts).find(([, account]) => Object.hasOwn(account.keys, String(sub)));
    const key = found?.[1].keys[String(sub)];
    if (!found || !key?.active || (key.endsAt !== null && key.endsAt <= nowMs())) return refused("key is not active");
    if (read(header).alg !== "RS256") return refused("RS256 is required");
    if (!verify("RSA-SHA256", Buffer.from(`${header}.${payload}`), createPublicKey(key.publicKey), Buffer.from(signature, "base64url"))) {
      return refused("signature does not verify");
    }
    const nowS = Math.floor(nowMs() / 1000);
    if (typeof iat !== "number" || iat > nowS || iat < nowS - 300) return refused("iat is out of range");
    if (typeof jti !== "string" || state.jtis.includes(jti)) return refused("jti was used before");
    state.jtis.push(jti);
    if (state.jtis.length > 10_000) state.jtis = state.jtis.slice(-5_000);
    const [channel, account] = found;
    if (wanted !== undefined && wanted !== key.project && wanted !== account.seller)
      return rpcStatus(403, "PERMISSION_DENIED", "no access to this project");
    const value = ledger.canary("noon-session");
    const refresh = ledger.canary("noon-session-refresh");
    const life = Number(switches.sessionMaxAgeS) || sessionLifeS;
    state.sessions[value] = { keyId: String(sub), channel, project: String(wanted ?? key.project), refresh, endsAt: nowMs() + life * 1000 };
    const rest = `Path=/; HttpOnly; Secure${switches.sessionMaxAgeS ? `; Max-Age=${switches.sessionMaxAgeS}` : ""}`;
    const response = json(200, {});
    response.headers.append("set-cookie", `_npsid=${value}; ${rest}`);
    response.headers.append("set-cookie", `_nprt=${refresh}; ${rest}`);
    return response;
  }

  async function newKey(account: Account, project: string, endsAt: number | null) {
    const pair = await promisify(generateKeyPair)("rsa", {
      modulusLength: 2048,
      privateKeyEncoding: { type: "pkcs8", format: "pem" },
      publicKeyEncoding: { type: "spki", format: "pem" },
    });
    const keyId = `noon-partners-key-id-${randomBytes(16).toString("hex")}`;
    account.keys[keyId] = { publicKey: pair.publicKey, project, active: true, endsAt };
    // One line of the PEM is enough to find it in whatever escaping a leak chose.
    ledger.keep(pair.privateKey.split("\n")[5] ?? pair.privateKey);
    return {
      key_id: keyId,
      private_key: ledger.keep(pair.privateKey),
      project_code: project,
      type: "apijwt",
      issued_at: new Date(nowMs()).toISOString(),
    };
  }

  /** The account that a call names, if the session may manage it: its own, or any when the integrator asks. */
  function named(body: Record<string, unknown>, session: Session): [string, Account] | Response {
    const { user_code: user, channel_identifier: channel } = body;
    if (!user && !channel) return rpcStatus(400, "INVALID_ARGUMENT", "user_code or channel_identifier is required");
    const found = Object.entries(state.accounts).find(([id, account]) => (user ? account.userCode === user : id === channel));
    if (!found) return rpcStatus(404, "NOT_FOUND", "no such account");
    const mine = found[0] === session.channel || session.keyId === integratorKeyId;
    return mine ? found : rpcStatus(403, "PERMISSION_DENIED", "not your account");
  }

  async function createCredential(body: Record<string, unknown>, session: Session): Promise<Response> {
    const found = named(body, session);
    if (found instanceof Response) return found;
    if (!Array.isArray(body.whitelisted_ips) || body.whitelisted_ips.length > 10)
      return rpcStatus(400, "INVALID_ARGUMENT", "at most 10 addresses");
    if (Object.values(found[1].keys).filter((key) => key.active).length >= 5)
      return rpcStatus(400, "FAILED_PRECONDITION", "at most 5 active keys");
    const endsAt = typeof body.expires_at === "string" ? Date.parse(body.expires_at) : null;
    return json(200, { credential: { ...(await newKey(found[1], session.project, endsAt)), channel_identifier: found[0] } });
  }

  function deactivate(keyId: string): boolean {
    const key = Object.values(state.accounts).find((account) => Object.hasOwn(account.keys, keyId))?.keys[keyId];
    if (!key?.active) return false;
    key.active = false;
    if (switches.keyRemovalEndsSessions) {
      state.sessions = Object.fromEntries(Object.entries(state.sessions).filter(([, session]) => session.keyId !== keyId));
    }
    return true;
  }

  function removeCredential(body: Record<string, unknown>, session: Session): Response {
    if (switches.removeRefused) return rpcStatus(403, "PERMISSION_DENIED", "keys are managed by the partner");
    const found = named(body, session);
    if (found instanceof Response) return found;
    const ids = typeof body.key_id === "string" ? [body.key_id] : Object.keys(found[1].keys);
    const removed = ids.filter((id) => Object.hasOwn(found[1].keys, id)).filter(deactivate).length;
    return removed === 0 ? rpcStatus(404, "NOT_FOUND", "no such key") : json(200, { success: true, credentials_removed: removed });
  }

  const PATHS: Record<string, (request: Request) => Promise<Response>> = {
    "/identity/public/v1/api/login": async (request) => {
      const body = await admit(request);
      return body instanceof Response ? body : login(body);
    },
    "/identity/v1/whoami": (request) =>
      signedIn(request, (_, session) => json(200, { user_code: state.accounts[session.channel]?.userCode, username: session.channel })),
    "/identity/apiuser/v1/credential/create": (request) => signedIn(request, createCredential),
    "/identity/apiuser/v1/credential/remove": (request) => signedIn(request, removeCredential),
    "/warehouse_platform/v1/warehouses/list": (request) =>
      signedIn(request, (_, session) =>
        state.accounts[session.channel]?.seller === session.project
          ? json(200, {
              warehouses: [{ warehouse_code: "W1", display_name: "Main", fulfillment_system_code: "FBPI", is_active: true }],
              next_token: null,
            })
          : rpcStatus(403, "PERMISSION_DENIED", "no access to this project"),
      ),
  };

  return {
    deactivate,
    deactivateSeller: (project: string) => {
      const accounts = Object.values(state.accounts).filter((account) => account.seller === project);
      for (const keyId of accounts.flatMap((account) => Object.keys(account.keys))) deactivate(keyId);
    },
    /** The OAuth calls are for the integrator's session only. */
    asIntegrator: (request: Request, work: (body: Record<string, unknown>) => Response | Promise<Response>) =>
      signedIn(request, (body, session) =>
        session.keyId === integratorKeyId ? work(body) : rpcStatus(403, "PERMISSION_DENIED", "an integrator's session is required"),
      ),
    newAccount: async (project: string, seller: string) => {
      const channel = `store-${randomBytes(4).toString("hex")}@p${project.slice(3)}.idp.noon.partners`;
      const account: Account = { userCode: `U-${randomUUID()}`, seller, keys: {} };
      state.accounts[channel] = account;
      return { ...(await newKey(account, project, null)), channel_identifier: channel };
    },
    route: async (request: Request, url: URL): Promise<[string, Response]> => {
      const serve = PATHS[url.pathname];
      // Whatever is not part of the API is the front door's web app.
      const name = url.pathname
        .split("/")
        .slice(-2)
        .join("/")
        .replace(/^(api|v\d+)\//, "");
      return [name, serve ? await serve(request) : html(404, "<h1>Noon</h1>")];
    },
  };
}
