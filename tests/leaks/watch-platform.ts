import type { Simulator } from "@/tests/simulators/simulator";

/** `echo`: refuses and quotes every secret that it was sent; `crash`: the same with a 500 in HTML; `lose`: does the work and answers that. */
export type Mood = "strict" | "echo" | "crash" | "lose";

const SECRET = /^(code|code_verifier|client_secret|refresh_token|access_token|token|state|client_assertion|assertion|migration_token)$/;
/** Where people's browsers come, and what everybody may read. */
const OPEN = /\/(authorize|consent)$|\/\.well-known\/|^\/$/;

/**
 * Learns from all that a platform is asked what is secret of it: the product's proofs, verifiers and signed logins, the states that
 * browsers carry. Its mood may be changed at any time.
 */
export function watchPlatform(platform: Simulator): { mood: Mood } {
  const watched = { mood: "strict" as Mood };
  const strict = platform.handle;
  platform.handle = async (request) => {
    const text = request.method === "GET" || request.method === "HEAD" ? "" : await request.clone().text();
    const url = new URL(request.url);
    for (const [name, value] of heard(request, url, text)) if (value.length >= 16) platform.ledger.keep(value, `${platform.id} ${name}`);
    if (watched.mood === "strict" || OPEN.test(url.pathname)) return strict(request);
    // Values without their names: a refusal that names the client's secret would be taken for one of the client.
    const quoted = [...heard(request, url, text)].map(([, value]) => value).join(" ");
    if (watched.mood === "echo") return refusal(platform.id, quoted);
    if (watched.mood === "lose") await strict(request);
    return new Response(`<html><body>Internal error: ${quoted}</body></html>`, { status: 500, headers: { "content-type": "text/html" } });
  };
  return watched;
}

/** All that the caller proves itself with, or carries. */
function* heard(request: Request, url: URL, text: string): Generator<[name: string, value: string]> {
  for (const [name, value] of [...url.searchParams, ...fieldsOf(text)]) if (SECRET.test(name)) yield [name, value];
  const authorization = request.headers.get("authorization");
  if (authorization) yield ["authorization", authorization.replace(/^\w+ /, "")];
  for (const pair of request.headers.get("cookie")?.split("; ") ?? []) yield ["cookie", pair.slice(pair.indexOf("=") + 1)];
}

function fieldsOf(text: string): [string, string][] {
  try {
    return Object.entries(JSON.parse(text) as Record<string, unknown>).map(([name, value]) => [name, String(value)]);
  } catch {
    return [...new URLSearchParams(text)];
  }
}

/** One refusal in everybody's words, for people and for developers alike. */
function refusal(platform: string, quoted: string): Response {
  const envelope = { developer_message: quoted, user_message: `We cannot accept ${quoted}`, error_code: "400" };
  const errors = [{ category: "AUTHENTICATION_ERROR", code: "UNAUTHORIZED", detail: quoted, field: quoted }];
  const error = platform === "ultracart" ? envelope : "invalid_grant";
  const body = {
    error,
    errors,
    error_description: quoted,
    message: quoted,
    status_code: "INVALID_ARGUMENT",
    details: [quoted],
    success: false,
  };
  const line = quoted.replace(/[^\x20-\x7e]+/g, " ");
  const headers = {
    "content-type": "application/json",
    "uc-rest-error": line,
    "www-authenticate": `Bearer error="invalid_token", error_description="${line}"`,
  };
  return new Response(JSON.stringify(body), { status: 400, headers });
}
