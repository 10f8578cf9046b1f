import type { Secret } from "./forms";
import type { LeakSearch } from "./leak-search";
import type { Exchange } from "./recording-proxy";

/** Cookies that say who somebody is, or that an answer belongs to this browser. */
const COOKIE = /session|flow|pkce|state|nonce|csrf/;
const QUERY: Record<string, string> = { code: "code in a callback", state: "state in a callback", token: "token of a mailed link" };

/** What the answers made secret by setting it as a cookie, and what browsers brought along in an address. */
export function secretsOf(exchanges: readonly Exchange[]): Secret[] {
  return exchanges.flatMap(({ headers, path, query }) => {
    const cookies = headers.flatMap(([name, value]) => {
      const [, cookie = "", held = ""] = /^([^=]+)=([^;]*)/.exec(name.toLowerCase() === "set-cookie" ? value : "") ?? [];
      return COOKIE.test(cookie) ? [{ kind: `cookie ${cookie}`, value: decodeURIComponent(held) }] : [];
    });
    // Elsewhere these words name a filter of a list.
    const named = /\/callback(\/|$)|^\/sign-in\/link$/.test(path) ? Object.entries(QUERY) : [];
    const asked = named.flatMap(([name, kind]) => query.getAll(name).map((value) => ({ kind, value })));
    return [...cookies, ...asked].filter(({ value }) => value.length >= 16);
  });
}

/** Every answer, header by header and its body. An address that was asked for is the browser's doing, so it is not part of it. */
export function searchAnswers(search: LeakSearch, exchanges: readonly Exchange[]): void {
  for (const { method, path, status, headers, body } of exchanges) {
    const where = `${method} ${path} ${status}`;
    for (const [name, value] of headers) search.content("answers", `${where} header ${name.toLowerCase()}`, value);
    search.content("answers", `${where} body`, body);
  }
}
