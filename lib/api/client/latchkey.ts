// Latchkey's API as one file without dependencies, for Node, Deno, Bun and browsers' own fetch. It is made from the API's description:
// fetch it anew from <Latchkey>/api/v1/client.ts instead of editing it.
//
//   const api = latchkey({ url: "https://latchkey.example", key: "lk_…" });
//   const { body } = await api.listConnections({ state: "needs_reconnect" });

export type Access = {
  connection: string;
  /** The platform's slug, as in GET /providers */
  provider: string;
  environment: string;
  /** The platform's own id of the account */
  account: string | null;
  /** Attach all of them to each call, as they are. They are secrets: keep them out of logs, and ask again instead of storing them. */
  headers: {
    [name: string]: string;
  };
  /** Where the platform takes them: join its documented paths to it. Null: nobody has told Latchkey. */
  base_url: string | null;
  /** Null: the platform names no end; it works until it is refused */
  expires_at: string | null;
  /** Rises with each renewal. Send it as `rejected` where the platform refuses the headers. */
  generation: number;
};

export type Problem = {
  type: "about:blank";
  /** What is the matter and what to do, for a person. */
  title: string;
  status: number;
  /** Stable: decide by this one. */
  code: string;
  errors?: readonly ({
    field: string;
    message: string;
  })[];
  [name: string]: unknown;
};

export type AccessBatch = {
  results: readonly ({
    connection: string;
    /** What the one call would have been answered with */
    status: number;
    access?: Access;
    problem?: Problem;
  })[];
};

export type AccessReport = {
  /** works: the platform takes it, so what was refused was the call. renewed: newer access has taken its place. replaced: it had been replaced before. unsure: the platform could not be asked. checking: it is being asked. */
  verdict: "works" | "renewed" | "replaced" | "unsure" | "checking";
  /** The newest one */
  generation: number;
};

export type AccessCredentials = {
  connection: string;
  provider: string;
  environment: string;
  account: string | null;
  /** As the platform made it. Keep it as you keep your own keys. */
  credentials: {
    [name: string]: unknown;
  };
};

export type ConnectionList = {
  data: readonly (Connection)[];
  /** How many fit, and how sure that is: what would have to be counted one by one is estimated */
  total: {
    count: number;
    is: "exact" | "about" | "at_least";
  };
  /** Send it as `after` for the next page; null: this is the last one. A page may be empty and still have a next one. */
  next: string | null;
};

export type Connection = {
  id: string;
  merchant: {
    id: string;
    /** Your own id of the merchant */
    external_id: string | null;
    name: string;
  };
  /** The platform's slug, as in GET /providers */
  provider: string;
  environment: string;
  /** What people call the store */
  name: string | null;
  /** The platform's own id of the account */
  account: string | null;
  /** How it is, in one word; `healthy`: nothing is to be done */
  state: "revoked" | "pending" | "needs_reconnect" | "expired_renewable" | "refresh_failing" | "renewal_late" | "expiring_soon" | "unknown" | "renewing" | "healthy";
  status: "pending" | "active" | "reconnect" | "revoking" | "revoked";
  scopes: readonly (string)[];
  /** When the access runs out; null: the platform names no end */
  expires_at: string | null;
  renews_at: string | null;
  /** The last moment at which anybody but the owner can keep it alive */
  owner_needed_by: string | null;
  /** When the platform last said that it works */
  last_proof_at: string | null;
  /** What went wrong last and has not been mended */
  trouble: {
    kind: string;
    code: string | null;
    since: string | null;
  } | null;
  /** Of a connection that was revoked, or is being revoked */
  ended: {
    at: string | null;
    /** `remote`: the platform said so; `local`: it has no call for it, and only our copy is erased; null: not yet */
    confirmed: "remote" | "local" | "sibling" | null;
  } | null;
  created_at: string | null;
  updated_at: string;
};

export type ConnectLink = {
  id: string;
  /** For the merchant alone. It is in this answer and nowhere else. */
  url: string;
  expires_at: string;
  merchant: {
    id: string;
    external_id: string | null;
    name: string;
  };
};

export type NewConnectLink = {
  merchant: {
    /** Your own id of the merchant, who is made where there is none */
    external_id: string;
    /** For a merchant that is made; the name of one that is there stays */
    name: string;
    /** The language that the link's page is shown in first */
    locale?: "en" | "ar";
  };
  /** A platform's slug, as in GET /providers; without it the merchant chooses */
  provider?: string;
  /** A connection of that merchant that is to be connected again */
  reconnect?: string;
  /** Where the last page leads back to, with `status` (connected, denied, failed) and `connection`. Of an allowed origin. */
  return_url?: string;
  /** Seconds */
  expires_in?: number;
};

export type Imported = {
  /** Null: the platform is still being asked, and it appears in GET /events */
  connection: Connection | null;
};

export type Import = {
  /** A platform's slug, as in GET /providers */
  provider: string;
  /** By your own id of the merchant, or ours */
  merchant: string;
  /** What people are to call the store */
  name?: string;
  /** By the names in `import_fields` of GET /providers */
  values: {
    [name: string]: string;
  };
};

export type ConnectionTest = {
  /** What the platform said; null: it is still being asked, and `connection` will tell */
  works: boolean | null;
  /** False where the platform has nothing to be asked by, so that nothing is known */
  proved: boolean;
  trouble: {
    kind: string;
    code: string;
  } | null;
  connection: Connection;
};

export type Revoked = {
  /** It had been revoked before, so that this changed nothing */
  already: boolean;
  connection: Connection;
};

export type Revocation = {
  /** Why, for whoever reads the audit */
  reason: string;
  /** `authorization`: all that the owner allowed, which at some platforms ends the account's other connections here too. `token`: this connection alone, where GET /providers says that the platform can do that. */
  reach?: "authorization" | "token";
  ticket?: string;
};

export type MerchantList = {
  data: readonly (Merchant)[];
  /** Send it as `after` for the next page; null: this is the last one. A page may be empty and still have a next one. */
  next: string | null;
};

export type Merchant = {
  id: string;
  /** Your own id of the merchant */
  external_id: string | null;
  name: string;
  created_at: string;
};

export type NewMerchant = {
  /** Your own id of the merchant */
  external_id: string;
  name: string;
};

export type ProviderList = {
  data: readonly (Provider)[];
};

export type Provider = {
  /** What the API calls it */
  slug: string;
  name: string;
  environment: string;
  /** How a merchant connects: by approving at the platform, or by typing credentials */
  kind: "redirect" | "credentials";
  /** What a merchant types; none, where they approve at the platform */
  fields: readonly (Field)[];
  /** The `values` of POST /connections/import */
  import_fields: readonly (Field)[];
  revocation: {
    /** Revoking one connection ends the account's other ones too */
    ends_siblings: boolean;
    /** It can be asked to end one alone: `"reach": "token"` */
    token_only: boolean;
  };
  /** An admin holds it back until then: nobody is sent there, nothing is renewed by itself */
  paused_until: string | null;
  /** It refuses Latchkey's own client just now, which is for Latchkey's admins to mend */
  incident: boolean;
  /** Many calls to it have failed in the last ten minutes */
  failing: boolean;
};

export type Field = {
  name: string;
  kind: "text" | "secret" | "number" | "choice";
  /** Of a choice */
  options: readonly (string)[];
  /** Its value where none is given */
  initial: string | null;
  optional: boolean;
  /** Asked for only while that field has this value */
  when: {
    name: string;
    value: string;
  } | null;
};

export type EventFeed = {
  data: readonly (FeedEvent)[];
  /** Keep it, and send it as `after` the next time */
  next: string;
  /** More can be had at once. Else ask again in a while. */
  more: boolean;
};

export type FeedEvent = {
  /** Its place in the order */
  id: string;
  /** When it happened, which is not quite the order */
  at: string;
  /** `<noun>.<what happened to it>`. Others may be added: skip what you do not know. */
  kind: string;
  /** Who did it: `user`, `key`, `link` or `system` */
  actor: {
    kind: string;
    id: string | null;
    name: string;
  };
  /** A connection's id */
  connection: string | null;
  /** A merchant's id */
  merchant: string | null;
  /** A platform's slug */
  provider: string | null;
  /** One try to connect a store, from its start to its end */
  attempt: string | null;
  /** What more there is to say of such an event */
  facts: {
    [name: string]: string | number | boolean | null;
  };
};

/** What the API refused, and what to do. Decide by `code`. */
export class LatchkeyProblem extends Error {
  override readonly name = "LatchkeyProblem";
  readonly status: number;
  readonly code: string;
  /** Seconds after which it makes sense to ask again; null: asking again changes nothing. */
  readonly retryAfterS: number | null;
  readonly problem: Problem;

  constructor(status: number, problem: Problem, retryAfter: string | null) {
    super(problem.title);
    this.status = status;
    this.code = problem.code;
    this.retryAfterS = retryAfter === null ? null : Number(retryAfter);
    this.problem = problem;
  }
}

export type LatchkeyOptions = {
  /** Where your Latchkey is, without a path. */
  url: string;
  /** `lk_…` */
  key: string;
  fetch?: (url: string, init: RequestInit) => Promise<Response>;
};

export type Answer<Status extends number, Body> = { status: Status; body: Body; headers: Headers };

type Sent = { query?: object | undefined; body?: unknown };

/** Resolves to answers; everything from 400 on is thrown as a LatchkeyProblem. */
export function latchkey({ url, key, fetch = globalThis.fetch }: LatchkeyOptions) {
  async function call<A extends Answer<number, unknown>>(method: string, path: string, { query, body }: Sent, init: RequestInit = {}): Promise<A> {
    const asked = Object.entries(query ?? {}).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]));
    const search = asked.length === 0 ? "" : `?${new URLSearchParams(asked)}`;
    const headers = new Headers(init.headers);
    headers.set("authorization", `Bearer ${key}`);
    if (body !== undefined) headers.set("content-type", "application/json");
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const answer = await fetch(`${url.replace(/\/$/, "")}/api/v1${path}${search}`, { ...init, method, headers, ...sent });
    const text = await answer.text();
    const json = (answer.headers.get("content-type") ?? "").includes("json");
    if (answer.ok && json) return { status: answer.status, body: JSON.parse(text), headers: answer.headers } as A;
    const problem = json
      ? (JSON.parse(text) as Problem)
      : ({ type: "about:blank", title: "What answered is not Latchkey.", status: answer.status, code: "not_latchkey" } satisfies Problem);
    throw new LatchkeyProblem(answer.status, problem, answer.headers.get("retry-after"));
  }

  /** A platform's answer as it comes, whatever its status. What Latchkey itself refuses is thrown as a LatchkeyProblem. */
  async function pass(method: string, id: string, path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    headers.set("authorization", `Bearer ${key}`);
    const place = `${url.replace(/\/$/, "")}/api/v1/proxy/${encodeURIComponent(id)}/${path.replace(/^\//, "")}`;
    const answer = await fetch(place, { redirect: "manual", ...init, method, headers });
    const code = answer.headers.get("latchkey-problem");
    if (code === null) return answer;
    const text = await answer.text();
    const problem = text ? (JSON.parse(text) as Problem) : ({ type: "about:blank", title: code, status: answer.status, code } satisfies Problem);
    throw new LatchkeyProblem(answer.status, problem, answer.headers.get("retry-after"));
  }

  return {
    /** Headers that work now. What is held and good comes at once, without a call to the platform. Else one renewal is made in the whole installation and everybody waits for it, five seconds at most. */
    getAccess: (id: string, query?: {
      /** Seconds that it must work yet; what has less is renewed first. Of access that lives no longer than that, half of its life will do: a renewal brings no more. */
      min_ttl?: number;
      /** The generation that the platform refused. It is asked whether that is so, and only then, and once a minute, renews it. */
      rejected?: number;
    }, init?: RequestInit) =>
      call<Answer<200, Access>>("GET", `/connections/${encodeURIComponent(id)}/access`, { query }, init),
    /** The same by merchant and platform. */
    findAccess: (query: {
      /** Seconds that it must work yet; what has less is renewed first. Of access that lives no longer than that, half of its life will do: a renewal brings no more. */
      min_ttl?: number;
      /** The generation that the platform refused. It is asked whether that is so, and only then, and once a minute, renews it. */
      rejected?: number;
      /** Your own id of the merchant, or ours */
      merchant: string;
      /** The platform's slug */
      provider: string;
    }, init?: RequestInit) =>
      call<Answer<200, Access>>("GET", "/access", { query }, init),
    /** Access to many connections at once. Each has a status of its own, as if it had been asked for alone. All of it is one request of what the key may ask in a second. */
    getAccessBatch: (body: {
      connections: readonly (string)[];
      /** Seconds that it must work yet; what has less is renewed first. Of access that lives no longer than that, half of its life will do: a renewal brings no more. */
      min_ttl?: number;
    }, init?: RequestInit) =>
      call<Answer<200, AccessBatch>>("POST", "/access/batch", { body }, init),
    /** The platform refused this access. The platform is asked whether that is so, once a minute however many say it, and everybody is told what came of it. */
    reportAccess: (id: string, body: {
      generation: number;
    }, init?: RequestInit) =>
      call<Answer<200, AccessReport>>("POST", `/connections/${encodeURIComponent(id)}/report`, { body }, init),
    /** The credentials file behind the access. For platforms that hand out such a file. It outlives every renewal, so each time is written into the connection's history. */
    getCredentials: (id: string, init?: RequestInit) =>
      call<Answer<200, AccessCredentials>>("GET", `/connections/${encodeURIComponent(id)}/credentials`, {  }, init),
    /** Find connections. Those that the key may see, a page at a time. Filters narrow the list together. */
    listConnections: (query?: {
      /** One or more of `revoked`, `needs_reconnect`, `expired_renewable`, `refresh_failing`, `renewal_late`, `expiring_soon`, `unknown`, `renewing`, `healthy`, by commas */
      state?: string;
      /** A platform's slug, as in GET /providers */
      provider?: string;
      environment?: string;
      /** The code of a trouble */
      cause?: string;
      /** By your own id of the merchant, or ours */
      merchant?: string;
      /** The platform's own id of an account */
      account?: string;
      /** Words in names, accounts and ids, as the support console finds them */
      q?: string;
      /** Whether its access is renewed by itself */
      renews?: "yes" | "no";
      /** When access runs out: `7d`, `past`, or `<from>..<to>` with instants of UTC, either of which may be missing */
      runs_out?: string;
      /** When a renewal is due: `7d`, `past`, or `<from>..<to>` with instants of UTC, either of which may be missing */
      due?: string;
      /** When it was made, days back: `7d`, `past`, or `<from>..<to>` with instants of UTC, either of which may be missing */
      created?: string;
      /** `created` is the only order in which nothing moves while you read page after page. `runs_out` and `no_return` list only those that have such a moment. */
      sort?: "created" | "attention" | "updated" | "runs_out" | "no_return";
      /** `next` of the page before, as it was given. Leave out for the first page. */
      after?: string;
      /** At most so many of them */
      limit?: number;
    }, init?: RequestInit) =>
      call<Answer<200, ConnectionList>>("GET", "/connections", { query }, init),
    /** One connection. */
    getConnection: (id: string, init?: RequestInit) =>
      call<Answer<200, Connection>>("GET", `/connections/${encodeURIComponent(id)}`, {  }, init),
    /** Revoke a connection. Nothing is served from it any more once this answers. Then the platform is told, and the secrets are erased. Sent twice it says `already` and changes nothing. */
    revokeConnection: (id: string, body: Revocation, init?: RequestInit) =>
      call<Answer<200, Revoked> | Answer<202, Revoked>>("DELETE", `/connections/${encodeURIComponent(id)}`, { body }, init),
    /** A single-use link by which a merchant connects a store without an account. */
    createConnectLink: (body: NewConnectLink, init?: RequestInit) =>
      call<Answer<201, ConnectLink>>("POST", "/connect-links", { body }, init),
    /** Bring a grant that exists already. It is proved at the platform before it becomes the merchant's connection. An account that is connected already gets the new grant. */
    importConnection: (body: Import, init?: RequestInit) =>
      call<Answer<200, Imported> | Answer<201, Imported> | Answer<202, Imported>>("POST", "/connections/import", { body }, init),
    /** Ask the platform whether it works. With fresh access where the old ran out. Only the platform's own refusal makes a connection need its owner. */
    testConnection: (id: string, init?: RequestInit) =>
      call<Answer<200, ConnectionTest> | Answer<202, ConnectionTest>>("POST", `/connections/${encodeURIComponent(id)}/test`, {  }, init),
    /** Renew access now. Latchkey renews in time by itself. This is for a backend that knows better, and for nobody's routine. */
    renewConnection: (id: string, init?: RequestInit) =>
      call<Answer<200, Connection> | Answer<202, Connection>>("POST", `/connections/${encodeURIComponent(id)}/renew`, {  }, init),
    /** Find merchants. In an order that never changes. */
    listMerchants: (query?: {
      /** Your own id of the merchant */
      external_id?: string;
      /** `next` of the page before, as it was given. Leave out for the first page. */
      after?: string;
      /** At most so many of them */
      limit?: number;
    }, init?: RequestInit) =>
      call<Answer<200, MerchantList>>("GET", "/merchants", { query }, init),
    /** Make a merchant known. By your own id, once, however often it is sent: the second time answers 200 with the one that is there. With another name it answers 409 and renames nobody. */
    createMerchant: (body: NewMerchant, init?: RequestInit) =>
      call<Answer<200, Merchant> | Answer<201, Merchant>>("POST", "/merchants", { body }, init),
    /** The platforms that stores can be connected at. */
    listProviders: (init?: RequestInit) =>
      call<Answer<200, ProviderList>>("GET", "/providers", {  }, init),
    /** What happened, once each. A feed for whoever keeps `next`: every event comes exactly once, in an order that never changes, also when transactions were committed out of order. A key that is limited to merchants or platforms is told of theirs alone, and an answer may then be empty and have `more`. Told is what happens to connections, merchants and platforms; not who signed in, who was invited, network addresses, or what staff noted for staff. */
    listEvents: (query?: {
      /** `next` of the answer before. Left out: from the beginning. `now`: nothing that has happened, only where what comes next begins. */
      after?: string;
      /** At most so many of them */
      limit?: number;
    }, init?: RequestInit) =>
      call<Answer<200, EventFeed>>("GET", "/events", { query }, init),
    /** Make a GET call at a connection's platform. Makes the call at the connection's platform, with its access attached, and passes on what comes of it: any status, any body, as it comes.
    `path` is appended to the platform's API address (`base_url` of the access), slashes and all, and a query is passed on with it. Latchkey's own refusals
    carry `latchkey-problem`, a platform's answer `latchkey-generation`. All your headers are passed on but `Authorization`, `Cookie`, those between
    neighbours, and what proxies say of a call's way (`Forwarded`, `Via`, `X-Forwarded-*`, `X-Original-*`, `X-Rewrite-*`, `X-Real-IP`); of the platform's, all but its cookies and its word to browsers. Redirects are not followed. A 401 of the platform has the access renewed, and
    the call made once more where it has no body or one with a `Content-Length` of at most 64 kB. A call takes at most 60 seconds. Paths with dot segments in any
    spelling, empty segments or backslashes are refused, by whatever stands first on their way; none leads out of the platform's API address. */
    getProxied: (id: string, path: string, init?: RequestInit) => pass("GET", id, path, init),
    /** Make a HEAD call at a connection's platform. As with GET. */
    headProxied: (id: string, path: string, init?: RequestInit) => pass("HEAD", id, path, init),
    /** Make a POST call at a connection's platform. As with GET. */
    postProxied: (id: string, path: string, init?: RequestInit) => pass("POST", id, path, init),
    /** Make a PUT call at a connection's platform. As with GET. */
    putProxied: (id: string, path: string, init?: RequestInit) => pass("PUT", id, path, init),
    /** Make a PATCH call at a connection's platform. As with GET. */
    patchProxied: (id: string, path: string, init?: RequestInit) => pass("PATCH", id, path, init),
    /** Make a DELETE call at a connection's platform. As with GET. */
    deleteProxied: (id: string, path: string, init?: RequestInit) => pass("DELETE", id, path, init),
  };
}
