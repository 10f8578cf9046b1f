export type SessionValue = { value: string; expiresAt: Date | null };

export type Io = {
  /** Guarded, paced, bounded; throws ProviderError "transient" (nothing was sent) or "doubt" (bytes left, no whole answer). */
  fetch: (url: string, init?: RequestInit) => Promise<Response>;
  /** The database's clock. */
  now: () => Date;
  /**
   * A value shared by the installation or by one merchant's connections, made once for all processes, kept sealed.
   * `parts` may hold secrets: only a keyed fingerprint of them is stored. `rejected`: the value just refused; it is remade.
   */
  session: (
    key: { shared: "installation" | "merchant"; parts: readonly string[] },
    make: () => Promise<SessionValue>,
    rejected?: string,
  ) => Promise<SessionValue>;
};

/** What is held for a connection. `access` and `renewal` are opaque to everyone but their provider. */
export type Grant = {
  access: string | null;
  renewal: string | null;
  scopes: readonly string[];
  expiresAt: Date | null;
  accountId: string | null;
};

/** The whole new truth after an exchange or a refresh: `renewal` replaces the old one (hand the old one back to keep it). */
export type Issued = {
  /** Null: store this, then call `refresh`. */
  access: string | null;
  renewal: string | null;
  /** When access runs out; null: not told. */
  expiresAt: Date | null;
  /** After this only the owner can help (a key's end, a single-use refresh token's lapse). */
  renewableUntil?: Date | null;
  /** Null: as before, or as asked. */
  scopes: readonly string[] | null;
};

export type Account = {
  /** Stable within the offer; null where the platform names none. */
  id: string | null;
  label: string | null;
  scopes?: readonly string[] | null;
  /** Null: the platform was asked and names no end. */
  expiresAt?: Date | null;
  /** Where connections of one offer live in different environments: this one's. */
  environment?: string | null;
  /** The grant's own access was refused, but fresh access (already in the shared session) works: `refresh` before serving. */
  stale?: true;
  /** The platform offers nothing to prove a grant with, so nothing was asked: this is no proof. */
  unproved?: true;
};

export type Field = {
  name: string;
  kind: "text" | "secret" | "number" | "choice";
  options?: readonly string[];
  initial?: string;
  optional?: true;
  /** Asked only while that other field has this value; elsewhere ignored, so it may stay empty. */
  when?: { name: string; value: string };
};

/** At most `calls` per `perS` seconds with `burst` more at once; `serial`: one call at a time over all processes. */
export type Pace = { serial?: true; calls: number; perS: number; burst: number; counts?: (url: string) => boolean };

/** When to renew, as seconds after issue or as a share of the life; `graceS` null: try until refused. */
export type Policy = {
  kind: "refresh_token" | "on_demand" | "static_key" | "none";
  renewAfter: { s: number } | { share: number } | null;
  lateAfter: { s: number } | { share: number } | null;
  graceS: number | null;
};

export type Answer =
  | { kind: "code" }
  | { kind: "nothing" }
  | { kind: "error"; outcome: "denied" | "timed_out" | "refused" | "unreachable" | "our_fault" | "not_matched" };

/** What a platform tells by itself about one account. `at`: when it happened, by the platform's clock. */
export type Notice = { eventId: string; kind: "revoked"; accountId: string; at: Date };

type Common = {
  id: string;
  environment: string;
  refresh: (grant: Grant, io: Io) => Promise<Issued>;
  /** "local": the platform has no call for it, so a person removes our access there by hand. */
  revoke: (grant: Grant, io: Io, reach: "authorization" | "token") => Promise<"remote" | "local">;
  /** Proves the grant at the platform. Throws where it does not work. */
  inspect: (grant: Grant, io: Io) => Promise<Account>;
  /**
   * What a backend attaches to a call. Never called while `access` is null. Asked at every hand-out: whoever reads `renewal` here pays
   * for opening it, since a grant may open it only when it is read.
   */
  headers: (grant: Grant) => Record<string, string>;
  /**
   * Where a backend sends those headers: an address without a slash at its end, to which paths as the platform documents them are
   * joined. Nothing else may receive this access, so it comes from the settings or the grant and never from an answer of the platform.
   * Null: nobody said where this platform's API lives.
   */
  apiUrl: (grant: Grant) => string | null;
  /** Whether a second `refresh` with this grant could be refused or do harm: then doubt waits before one more try. */
  spendsOnce: (grant: Grant) => boolean;
  policy: (renewable: boolean) => Policy;
  pace: Pace | null;
  /** The credentials file behind the access, as the platform hands such files out; null: this grant holds none. Absent: there is no such file. */
  credentials?: (grant: Grant) => Record<string, unknown> | null;
  /** What ending one connection does: `endsSiblings`, those of the same account and client too; `tokenOnly`, a narrower choice exists. */
  revocation: { endsSiblings: boolean; tokenOnly: boolean };
  /**
   * Reads what the platform sent to `url`, which is the address as it was registered there. Null: authentic, and nothing that we use.
   * Throws "declined" `bad_signature` where it is not authentic. Absent: it tells nothing, or there is no key to know it by.
   */
  notice?: (request: { url: string; headers: Headers; body: Uint8Array }) => Notice | null;
  /** Grants that exist already, brought by an admin. */
  adopt: { fields: readonly Field[]; issue: (values: Record<string, string>, io: Io) => Promise<Issued> };
};

export type RedirectProvider = Common & {
  kind: "redirect";
  /** Where the merchant will be sent, for display. */
  host: string;
  pkce: boolean;
  authorizationUrl: (consent: { state: string; redirectUri: string; challenge: string | null; locale: string }, io: Io) => Promise<string>;
  /** Reads the callback's query without any call; checks the issuer where the answer names one. */
  readAnswer: (query: URLSearchParams) => Answer;
  exchange: (answer: { query: URLSearchParams; state: string; redirectUri: string; verifier: string | null }, io: Io) => Promise<Issued>;
};

export type CredentialsProvider = Common & {
  kind: "credentials";
  fields: readonly Field[];
  exchange: (values: Record<string, string>, io: Io) => Promise<Issued>;
};

export type Provider = RedirectProvider | CredentialsProvider;
