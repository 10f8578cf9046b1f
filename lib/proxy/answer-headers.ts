import { hopByHop } from "./hop-by-hop";

/** What a platform says about its own site to browsers would be taken for ours, and its cookies are of a session that is not the caller's. */
const THEIRS = new Set([
  "alt-svc",
  "cache-control",
  "clear-site-data",
  "content-security-policy",
  "content-security-policy-report-only",
  "expires",
  "nel",
  "pragma",
  "public-key-pins",
  "refresh",
  "report-to",
  "reporting-endpoints",
  "service-worker-allowed",
  "set-cookie",
  "set-cookie2",
  "sourcemap",
  "strict-transport-security",
  "x-content-type-options",
]);
const THEIR_KINDS = /^(?:access-control-|cross-origin-|latchkey-|proxy-|x-middleware-|x-nextjs-)/;

export type Way = {
  /** Where the call went. */
  target: string;
  /** What the platform's calls are below, and by which path of ours they are made. */
  apiUrl: string;
  ourPath: string;
  /** Hosts that are ourselves. */
  ourHosts: readonly string[];
};

/** A platform's headers as the caller gets them. The answer depends on who asks, so nobody on the way may keep it. */
export function answerHeaders(given: Headers, way: Way, generation: number): Headers {
  const dropped = hopByHop(given);
  const passed = new Headers();
  for (const [name, value] of given) if (!dropped.has(name) && !THEIRS.has(name) && !THEIR_KINDS.test(name)) passed.append(name, value);
  const location = passed.get("location");
  passed.delete("location");
  const next = location === null ? null : locationOf(location, way);
  if (next !== null) passed.set("location", next);
  passed.set("cache-control", "no-store");
  passed.set("content-security-policy", "default-src 'none'; frame-ancestors 'none'; sandbox");
  passed.set("x-content-type-options", "nosniff");
  passed.set("latchkey-generation", String(generation));
  return passed;
}

/**
 * Where a platform sends its caller, which is never followed here. Below its API that is a call through us; anything else stands as a whole
 * address, so that a client which follows does not look for it here and with our key. Null: it points at ourselves, or nowhere.
 */
function locationOf(location: string, { target, apiUrl, ourPath, ourHosts }: Way): string | null {
  if (!URL.canParse(location, target)) return null;
  const next = new URL(location, target);
  const base = new URL(apiUrl);
  const below = base.pathname.replace(/\/+$/, "");
  const inside = next.origin === base.origin && (next.pathname === below || next.pathname.startsWith(`${below}/`));
  if (inside && !next.username && !next.password) return `${ourPath}${next.pathname.slice(below.length)}${next.search}${next.hash}`;
  return ourHosts.includes(next.host) ? null : next.href;
}
