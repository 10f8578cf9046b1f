import type { IncomingMessage, ServerResponse } from "node:http";

/** A backend's program runs nothing and frames nothing; on pages proxy.ts says more, with a nonce. */
const API_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** What every answer says to browsers, whoever writes it and whatever became of the request: files, redirects, refusals and faults too. */
export function standardHeaders(url: string): Record<string, string> {
  const secure = url.startsWith("https:");
  return {
    "x-content-type-options": "nosniff",
    "cross-origin-opener-policy": "same-origin",
    "referrer-policy": "same-origin",
    // Also when the reverse proxy in front forgets to say that the visitor came over TLS.
    ...(secure && { "strict-transport-security": "max-age=63072000; includeSubDomains" }),
  };
}

/** Adds them where the head is written, to whatever is not said there already: a callback's answer has a stricter policy of its own. */
export function addStandardHeaders({ url }: IncomingMessage, response: ServerResponse, standard: Record<string, string>): void {
  const wanted = Object.entries(url?.startsWith("/api/v1/") ? { ...standard, "content-security-policy": API_POLICY } : standard);
  const writeHead = response.writeHead.bind(response) as (...values: unknown[]) => ServerResponse;
  response.writeHead = ((...values: unknown[]) => {
    for (const [name, value] of wanted) if (!response.hasHeader(name)) response.setHeader(name, value);
    return writeHead(...values);
  }) as typeof response.writeHead;
}
