import { lifetimeS } from "./lifetime";
import { readJson } from "./read-json";

/** Latchkey signs nobody in with these answers, and an ID token's issuer is unknown where endpoints were typed in by hand: it is left out. */
const READ = ["access_token", "token_type", "refresh_token", "error", "error_description", "error_uri"];

/**
 * A token answer put into the form that oauth4webapi judges: what deviates from RFC 6749 section 5 harmlessly is put right,
 * so that an issued token is never thrown away for an odd lifetime. Null where the body is no JSON object.
 */
export async function standardTokenAnswer(
  response: Response,
  scopeSeparator: string,
  asked: readonly string[] = [],
): Promise<Response | null> {
  const body = await readJson(response);
  if (!body) return null;
  const lifetime = lifetimeS(body.expires_in);
  const told = READ.flatMap((name) => (typeof body[name] === "string" && body[name] !== "" ? [[name, body[name]]] : []));
  const scope = scopeNames(body.scope, scopeSeparator, asked)?.join(" ");
  const fixed = { ...Object.fromEntries(told), expires_in: lifetime ?? undefined, scope };
  // An error member makes it a failure even with 200. No WWW-Authenticate: the body tells more than the challenge.
  const failed = response.ok && body.error !== undefined && body.error !== null && body.error !== "";
  return new Response(JSON.stringify(fixed), { status: failed ? 400 : response.status, headers: { "content-type": "application/json" } });
}

/** Scope names as a platform wrote them, text or list, which may be empty: nothing was granted. Null where it said nothing readable. */
export function scopeNames(scope: unknown, separator: string, asked: readonly string[] = []): string[] | null {
  const parts: unknown[] | null = Array.isArray(scope) ? scope : typeof scope === "string" ? scope.split(separator) : null;
  if (parts === null) return null;
  const words = parts.filter((part) => typeof part === "string").flatMap((part) => part.split(/\s+/).filter(Boolean));
  // Some answer with commas whatever stood in the question; yet a comma may be part of a name (RFC 6749 section 3.3).
  const names = words.flatMap((word) => (asked.includes(word) ? word : word.split(",").filter(Boolean)));
  const clean = names.filter(printable);
  return clean.length > 0 || parts.every((part) => typeof part === "string" && part.trim() === "") ? clean : null;
}

/** RFC 6749 appendix A: anything else could never be put into a header. */
export function printable(token: string): boolean {
  return /^[\x21-\x7e]+$/.test(token);
}
