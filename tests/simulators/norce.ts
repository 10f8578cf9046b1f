import { randomUUID } from "node:crypto";
import { Ledger } from "./ledger";
import { json, type Simulator, type World } from "./simulator";

type Environment = "playground" | "stage" | "production";
type User = { slug: string; clientId: string; clientSecret: string; environments: Environment[]; applications: number[] };
type Application = { id: number; name: string; clientName: string };
type Token = { clientId: string; environments: Environment[]; endsAt: number };
/** All that the platform remembers; plain JSON, so that a demo can keep it between two runs. */
type NorceState = { users: User[]; tokens: Record<string, Token> /** Secrets of users that were deleted. */; deleted?: string[] };
type Options = {
  state?: NorceState | undefined;
  applications?: Application[];
  /** Applications of users that came to be without this list. */
  elsewhere?: (id: number) => Application | undefined;
  /** Clients of whom a host is there without any user. */
  hosts?: (slug: string) => boolean;
  lifeS?: number;
  sourceOf?: (request: Request) => string;
};

/** Which scope names the platform takes: all three generations are in print. */
const NAMES = {
  seed: { playground: "playground", stage: "stage", production: "production" },
  current: { playground: "playground", stage: "stage", production: "prod" },
  lab: { playground: "lab", stage: "lab", production: "production" },
} as const;

/** What the identity service calls an environment inside its tokens, whatever word was asked for. */
const AUDIENCE = { playground: "Playground", stage: "Staging", production: "Production" } as const;

/** Three a minute with a burst of 20 behind the first (nginx's reading, the strictest of the possible ones). */
const BUCKET = { size: 21, perMs: 3 / 60_000 };

export type NorceSimulator = Simulator & {
  state: NorceState;
  users: User[];
  /** What the provider's settings must be to talk to it. */
  settings: { originTemplate: string; stormTokenUrl: string };
  /** The merchant deletes, in Norce Admin, every user that may use the application: `<origin>/<application id>`. */
  revokeAtPlatform: (accountId: string) => void;
  /** The merchant makes a new secret for the user. */
  rotateUserSecret: (clientId: string) => string;
};

/**
 * Norce: `/{slug}/{region}/{environment}/…` for Commerce, `/storm/1.0/connect/token` and `/commerce/…` for the older Storm.
 * Switches: `scopeNames` seed | current | lab, `lifeS`, `expiresIn` (raw, "omit" leaves it out), `ungranted` 403 | 401 | 400 | "empty",
 * `otherApplication` (answers with this Id), `tokensSurviveUsers`, `unlimited`.
 */
export function norceSimulator(world: World, options: Options = {}): NorceSimulator {
  const ledger = new Ledger();
  const applications = options.applications ?? [
    { id: 1042, name: "Acme web shop", clientName: "Acme Nordic" },
    { id: 1043, name: "متجر أكمي", clientName: "Acme Nordic" },
  ];
  const user = (slug: string, environments: Environment[], ids: number[]): User => ({
    slug,
    clientId: randomUUID(),
    clientSecret: ledger.canary("norce-secret"),
    environments,
    applications: ids,
  });
  const fresh = () => ({
    users: [user("acme", ["playground", "stage"], [1042, 1043]), user("acme", ["production"], [1042]), user("bravo", ["stage"], [1042])],
    tokens: {},
  });
  const state: NorceState = options.state ?? fresh();
  const { users, tokens } = state;
  for (const secret of [...users.map((one) => one.clientSecret), ...Object.keys(tokens)]) ledger.keep(secret);
  const buckets = new Map<string, { left: number; at: number }>();
  const sourceOf = options.sourceOf ?? ((request: Request) => request.headers.get("x-simulated-source") ?? "one address");
  const switches: Simulator["switches"] = {
    scopeNames: "seed",
    lifeS: options.lifeS ?? 600,
    expiresIn: "",
    ungranted: 403,
    otherApplication: 0,
    tokensSurviveUsers: false,
    unlimited: false,
  };

  function withinLimit(request: Request): boolean {
    const at = world.now().getTime();
    const bucket = buckets.get(sourceOf(request)) ?? { left: BUCKET.size, at };
    const left = Math.min(BUCKET.size, bucket.left + Math.max(0, at - bucket.at) * BUCKET.perMs);
    const taken = switches.unlimited === true || left >= 1;
    buckets.set(sourceOf(request), { left: taken ? left - 1 : left, at });
    return taken;
  }

  async function token(request: Request, slug: string | null, host: Environment | null): Promise<Response> {
    if (request.method !== "POST") return new Response("", { status: 405, headers: { allow: "POST" } });
    if (!withinLimit(request)) return new Response("", { status: 429 });
    if (!request.headers.get("content-type")?.startsWith("application/x-www-form-urlencoded"))
      return json(400, { error: "invalid_request" });
    const form = new URLSearchParams(await request.text());
    const once = (name: string) => (form.getAll(name).length === 1 ? form.get(name) : null);
    const [grant, id, secret, scope] = [once("grant_type"), once("client_id"), once("client_secret"), once("scope")];
    if (!grant || !id || !secret || !scope || request.headers.has("authorization")) return json(400, { error: "invalid_request" });
    if (grant !== "client_credentials") return json(400, { error: "unsupported_grant_type" });
    const found = users.find((one) => one.clientId === id && one.clientSecret === secret && (slug === null || one.slug === slug));
    if (!found) return json(400, { error: "invalid_client" });
    const names = slug === null ? NAMES.lab : (NAMES[switches.scopeNames as keyof typeof NAMES] ?? NAMES.seed);
    const mine = found.environments.filter((one) => host === null || (one === "production") === (host === "production"));
    const asked = scope.split(" ");
    const covered = mine.filter((one) => asked.includes(names[one]));
    const known = asked.every((one) => mine.some((environment) => names[environment] === one));
    if (!known || (host !== null && !covered.includes(host))) return json(400, { error: "invalid_scope" });
    const lifeS = Number(switches.lifeS);
    const value = jwt(world, lifeS, found.clientId, covered, ledger);
    tokens[value] = { clientId: id, environments: covered, endsAt: world.now().getTime() + lifeS * 1000 };
    const expires =
      switches.expiresIn === "omit" ? {} : { expires_in: switches.expiresIn === "" ? lifeS : JSON.parse(`${switches.expiresIn}`) };
    return json(200, { access_token: value, ...expires, token_type: "Bearer", scope });
  }

  function getApplication(request: Request, url: URL, slug: string | null, host: Environment | null): Response {
    if (request.method !== "GET") return new Response("", { status: 405 });
    const bearer = /^Bearer (\S+)$/.exec(request.headers.get("authorization") ?? "")?.[1] ?? "";
    const held = Object.hasOwn(tokens, bearer) ? tokens[bearer] : undefined;
    const owner = users.find((one) => one.clientId === held?.clientId);
    const alive = held && held.endsAt > world.now().getTime() && (owner || switches.tokensSurviveUsers === true);
    const foreign =
      !held || (host !== null && !held.environments.includes(host)) || (slug !== null && owner !== undefined && owner.slug !== slug);
    if (!alive || foreign) return new Response("", { status: 401, headers: { "www-authenticate": 'Bearer error="invalid_token"' } });
    const id = request.headers.get("applicationid") ?? request.headers.get("application-id");
    if (!id || !/^\d+$/.test(id) || url.searchParams.get("format") !== "json") return json(400, { message: "Bad request" });
    const application = applications.find((one) => one.id === Number(id)) ?? options.elsewhere?.(Number(id));
    if (!application || (owner && !owner.applications.includes(application.id))) {
      return switches.ungranted === "empty"
        ? json(200, { Id: null, Name: null, Client: null })
        : new Response("", { status: Number(switches.ungranted) });
    }
    const shown = Number(switches.otherApplication) || application.id;
    return json(200, {
      Id: shown,
      ParentId: shown,
      Key: "7b0d1b0e-62a5-4bb2-8d0b-3a6a4b3f1c11",
      Name: application.name,
      Url: "https://shop.example",
      SenderEmailAddress: "orders@shop.example",
      Client: { Id: 7, Key: "0f8d2f66-4c1f-4f3e-9c55-8a6f0e0a2b9d", Name: application.clientName },
      Cultures: { List: [{ Code: "sv-SE" }], Default: { Code: "sv-SE" } },
      Currencies: { List: [{ Code: "SEK" }], Default: { Code: "SEK" } },
      Pricelists: { Ids: [1], Default: 1 },
      SalesAreas: { List: [{ Id: 1 }], Default: { Id: 1 } },
      Roles: { List: [], Default: null },
      Countries: { List: [{ Code: "SE" }], Default: { Code: "SE" } },
      Authorizations: [],
    });
  }

  async function answer(request: Request): Promise<{ name: string; response: Response }> {
    const url = new URL(request.url);
    const [, slug = "", region = "", environment = "", rest = ""] =
      /^\/([^/]+)\/([^/]+)\/(playground|stage|production)(\/.*)$/.exec(url.pathname) ?? [];
    const place = environment === "" ? null : (environment as Environment);
    const isThere = users.some((one) => one.slug === slug) || options.hosts?.(slug) === true;
    if (place && (region !== "se" || !isThere)) return { name: "unknown-host", response: notFound() };
    const path = place ? rest : url.pathname;
    if (path === (place ? "/identity/1.0/connect/token" : "/storm/1.0/connect/token")) {
      return { name: "token", response: await token(request, place && slug, place) };
    }
    if (path === "/commerce/metadata/1.1/GetApplication") {
      return { name: "GetApplication", response: getApplication(request, url, place && slug, place) };
    }
    return { name: "unknown", response: notFound() };
  }

  return {
    id: "norce",
    ledger,
    switches,
    state,
    users,
    settings: { originTemplate: `${world.origin}/{slug}/{region}/{environment}`, stormTokenUrl: `${world.origin}/storm/1.0/connect/token` },
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
    revokeAtPlatform: (accountId) => {
      const [id = "", environment, , slug] = accountId.split("/").reverse();
      const there = (one: User) => slug === undefined || (one.slug === slug && one.environments.some((own) => own === environment));
      for (let index = users.length - 1; index >= 0; index -= 1) {
        const one = users[index];
        if (!one?.applications.includes(Number(id)) || !there(one)) continue;
        state.deleted = [...(state.deleted ?? []), one.clientSecret];
        users.splice(index, 1);
      }
    },
    rotateUserSecret: (clientId) => {
      const one = users.find((candidate) => candidate.clientId === clientId);
      if (!one) throw new Error(`No user ${clientId}`);
      one.clientSecret = ledger.canary("norce-secret");
      return one.clientSecret;
    },
  };
}

/** Names inside the token differ from the scopes that were asked, as in the documentation's own example. */
function jwt(world: World, lifeS: number, clientId: string, environments: Environment[], ledger: Ledger): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const from = Math.floor(world.now().getTime() / 1000);
  const audience = environments.map((one) => AUDIENCE[one]);
  const claims = {
    nbf: from,
    exp: from + lifeS,
    iss: "https://identity.lab.storm.io/1.0/",
    aud: audience.length === 1 ? audience[0] : audience,
    client_id: clientId,
    scope: audience,
  };
  return ledger.keep(
    `${part({ alg: "RS256", kid: "simulated", typ: "at+jwt", x5t: "simulated" })}.${part(claims)}.${ledger.canary("norce-access", 96)}`,
  );
}

function notFound(): Response {
  return new Response("<html><body>404 - not found</body></html>", { status: 404, headers: { "content-type": "text/html" } });
}
