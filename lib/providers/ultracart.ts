import type { Answer, Field, Grant, Io, Issued, RedirectProvider } from "./contract";
import { ProviderError } from "./provider-error";
import { after, lifetimeS } from "./wire/lifetime";
import { readQuery } from "./wire/read-query";
import { repeatable } from "./wire/repeatable";
import { ultracartAccount, ultracartProof, ultracartVersion } from "./wire/ultracart-account";
import { codeRefused, oursToMend, type Refusal, refreshRefused, ultracartAnswer } from "./wire/ultracart-answer";

export type UltracartSettings = {
  clientId: string;
  /** Sent in the form if there is one: the reference knows none, other official code sends one. */
  clientSecret: string | null;
  /** What the application was registered with; picks the proof where a grant names no scopes. */
  scopes: string[];
  /** The application's own profile may fix these two, and then they must not be sent to the authorize page. */
  sendScope: boolean;
  sendRedirectUri: boolean;
  apiUrl: string;
  authorizeUrl: string;
};

const ADOPTED: readonly Field[] = [
  { name: "access_token", kind: "secret", optional: true },
  { name: "refresh_token", kind: "secret", optional: true },
  { name: "expires_in", kind: "number", optional: true },
];

/** UltraCart REST v2: a code flow whose answers are all strings and whose calls must never overlap. */
export function ultracart(settings: UltracartSettings): RedirectProvider {
  const client = { client_id: settings.clientId, ...(settings.clientSecret === null ? {} : { client_secret: settings.clientSecret }) };

  const post = (fetch: Io["fetch"], path: string, fields: Record<string, string>) =>
    fetch(`${settings.apiUrl}${path}`, {
      method: "POST",
      headers: { accept: "application/json", ...ultracartVersion },
      body: new URLSearchParams({ ...client, ...fields }),
    });

  async function token(fields: Record<string, string>, refused: (refusal: Refusal) => ProviderError, io: Io): Promise<Issued> {
    const { body, refusal } = await ultracartAnswer(await post(io.fetch, "/oauth/token", fields), io.now(), true);
    if (refusal) throw refused(refusal);
    const type = body?.token_type ?? "";
    const bearer = typeof type === "string" && /^(bearer|null|)$/i.test(type);
    if (!isToken(body?.access_token) || !bearer) throw new ProviderError("doubt", "bad_answer");
    const scopes = typeof body.scope === "string" ? body.scope.split(/[\s,]+/).filter((name) => /^[\x21-\x7e]{1,100}$/.test(name)) : [];
    return {
      access: body.access_token,
      // Unlike access it never stands in a header, so whatever was issued is kept.
      renewal: isText(body.refresh_token) ? sealable(body.refresh_token) : null,
      expiresAt: after(io.now(), lifetimeS(body.expires_in)),
      scopes: scopes.length > 0 ? scopes : null,
    };
  }

  async function refresh(grant: Grant, io: Io): Promise<Issued> {
    const fields = { grant_type: "refresh_token", refresh_token: refreshToken(grant) };
    const issued = await token(fields, refreshRefused, io);
    return { ...issued, renewal: issued.renewal ?? grant.renewal };
  }

  /** Whether UltraCart says itself that the access is revoked. */
  async function revoked(access: string | null, io: Io): Promise<boolean> {
    if (access === null) return false;
    const response = await post(repeatable(io.fetch), "/oauth/revoke", { token: access });
    const { body, refusal } = await ultracartAnswer(response, io.now(), false);
    const ours = refusal && oursToMend(refusal);
    if (ours) throw ours;
    return body?.successful === true;
  }

  /**
   * What a refresh brings, or "refused". It is kept in the shared session under the connection's own refresh token, because an
   * unfinished revoke has nothing to hand back and the next one must find the only tokens that still live.
   */
  async function successor(first: Grant, held: Kept, io: Io): Promise<Kept | "refused"> {
    const key = { shared: "merchant", parts: ["revoke", refreshToken(first)] } as const;
    const make = async () => ({ value: JSON.stringify(await refresh(held.grant, io)), expiresAt: null });
    try {
      const { value } = await io.session(key, make, held.value);
      const { access, renewal, expiresAt } = JSON.parse(value) as { access: string; renewal: string; expiresAt: string | null };
      return { grant: { ...first, access, renewal, expiresAt: expiresAt === null ? null : new Date(expiresAt) }, value };
    } catch (error) {
      if (error instanceof ProviderError && error.trouble === "reconnect") return "refused";
      throw error;
    }
  }

  return {
    kind: "redirect",
    id: "ultracart",
    environment: "production",
    host: new URL(settings.authorizeUrl).host,
    pkce: false,
    authorizationUrl: async ({ state, redirectUri }) => {
      const url = new URL(settings.authorizeUrl);
      url.searchParams.set("response_type", "code");
      url.searchParams.set("client_id", settings.clientId);
      url.searchParams.set("state", state);
      if (settings.sendRedirectUri) url.searchParams.set("redirect_uri", redirectUri);
      if (settings.sendScope && settings.scopes.length > 0) url.searchParams.set("scope", settings.scopes.join(" "));
      return url.href;
    },
    readAnswer,
    exchange: ({ query, redirectUri }, io) =>
      token({ grant_type: "authorization_code", code: query.get("code") ?? "", redirect_uri: redirectUri }, codeRefused, io),
    refresh,
    revoke: async (given, io) => {
      let held: Kept = { grant: given, value: undefined };
      for (let step = 0; step < 5; step += 1) {
        const { grant } = held;
        const over = grant.access === null || (grant.expiresAt !== null && grant.expiresAt <= io.now());
        if (!over && (await revoked(grant.access, io))) return "remote";
        // A repeated revoke is refused too, so that access which nobody knows any more is what shows that it is done.
        if (!over && !(await ultracartProof(settings, grant, io)).dead) break;
        const next = given.renewal === null ? null : await successor(given, held, io);
        if (next !== null && next !== "refused") held = next;
        else if (!over || (await revoked(grant.access, io)) || next === "refused") return "remote";
        else break;
      }
      throw new ProviderError("transient", "not_confirmed");
    },
    inspect: (grant, io) => ultracartAccount(settings, grant, io),
    headers: (grant) => ({ Authorization: `Bearer ${grant.access}`, ...ultracartVersion }),
    apiUrl: () => settings.apiUrl.replace(/\/+$/, ""),
    // Whether UltraCart rotates refresh tokens is not published, so a second use may do harm.
    spendsOnce: (grant) => grant.renewal !== null,
    policy: (renewable) =>
      renewable
        ? { kind: "refresh_token", renewAfter: { share: 0.5 }, lateAfter: { share: 0.75 }, graceS: null }
        : { kind: "none", renewAfter: null, lateAfter: null, graceS: 0 },
    pace: { serial: true, calls: 1000, perS: 3600, burst: 0 },
    // "Revokes the application", so a second grant of the same merchant is taken to end with it.
    revocation: { endsSiblings: true, tokenOnly: false },
    adopt: { fields: ADOPTED, issue: adopt },
  };
}

type Kept = { grant: Grant; value: string | undefined };

function readAnswer(query: URLSearchParams): Answer {
  // Here the word means that the link to the authorize page had expired, not that we asked wrongly.
  return query.get("error") === "invalid_request" ? { kind: "error", outcome: "timed_out" } : readQuery(query);
}

async function adopt(values: Record<string, string>, io: Io): Promise<Issued> {
  const read = (name: string) => (values[name] ?? "").trim();
  const [access, renewal, expires] = [read("access_token"), read("refresh_token"), read("expires_in")];
  const faults: Record<string, string> = {};
  if (access === "" && renewal === "") faults.access_token = "required";
  if (access !== "" && !isToken(access)) faults.access_token = "bad_characters";
  if (renewal !== "" && !isToken(renewal)) faults.refresh_token = "bad_characters";
  if (expires !== "" && lifetimeS(expires) === null) faults.expires_in = "bad_number";
  if (Object.keys(faults).length > 0) throw new ProviderError("declined", "bad_input", { fields: faults });
  const expiresAt = access === "" ? null : after(io.now(), lifetimeS(expires));
  return { access: access || null, renewal: renewal === "" ? null : sealable(renewal), expiresAt, scopes: null };
}

function isToken(value: unknown): value is string {
  return typeof value === "string" && /^[\x21-\x7e]{1,16384}$/.test(value);
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

function sealable(token: string): string {
  return JSON.stringify({ v: 1, refresh_token: token });
}

/** Throws `reconnect` where there is none: only the owner can bring another. */
function refreshToken(grant: Grant): string {
  try {
    const { refresh_token: token } = JSON.parse(grant.renewal ?? "{}") as Record<string, unknown>;
    if (isText(token)) return token;
  } catch {
    // The parser's own message would quote the secret.
  }
  throw new ProviderError("reconnect", "no_refresh_token");
}
