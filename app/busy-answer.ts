import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { problem } from "@/lib/api/problem";
import { standIn } from "./stand-in";

/** Not all of them in the same second. */
const againInS = () => 1 + Math.floor(Math.random() * 4);

/** Told to whoever comes while a process has too much in hand: 503, when to come again, and that nothing was done. */
export async function answerBusy(request: IncomingMessage, response: ServerResponse, kind: "page" | "api"): Promise<void> {
  const refusal = problem(503, "overloaded", { retryAfterS: againInS() });
  const headers: Record<string, string> = Object.fromEntries(refusal.headers);
  let body = await refusal.text();
  if (kind === "page") {
    const nonce = randomBytes(18).toString("base64");
    body = standIn(request, { kind: "busy", nonce });
    headers["content-type"] = "text/html; charset=utf-8";
    headers["content-security-policy"] =
      `default-src 'none'; style-src 'nonce-${nonce}'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
  }
  response.writeHead(503, { ...headers, "content-length": Buffer.byteLength(body) }).end(body);
}
