import type { ServerResponse } from "node:http";

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

/** Answers to backends have it as well. */
export const withApiPolicy = (standard: Record<string, string>): Record<string, string> => ({
  ...standard,
  "content-security-policy": API_POLICY,
});

/** Adds them where the head is written, to whatever is not said there already: a callback's answer has a stricter policy of its own. */
export function addStandardHeaders(response: ServerResponse, standard: Record<string, string>): void {
  const writeHead = response.writeHead.bind(response) as (...values: unknown[]) => ServerResponse;
  response.writeHead = ((...values: unknown[]) => {
    const [status, headers] = values;
    // Said all at once they are written as they are, which is half the work; names of ours are in lower case.
    if (values.length === 2 && isLowerCase(headers) && response.getHeaderNames().length === 0)
      return writeHead(status, { ...standard, ...headers });
    for (const name in standard) if (!response.hasHeader(name)) response.setHeader(name, standard[name] as string);
    return writeHead(...values);
  }) as typeof response.writeHead;
}

function isLowerCase(headers: unknown): headers is Record<string, string> {
  if (typeof headers !== "object" || headers === null || Array.isArray(headers)) return false;
  for (const name in headers) if (name !== name.toLowerCase()) return false;
  return true;
}
