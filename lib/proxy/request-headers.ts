import { AppError } from "@/lib/errors";
import { hopByHop } from "./hop-by-hop";

/** What is said to us and not to the platform: who asks us, by which way they came, and how the body is framed between us. */
const OURS = new Set([
  "authorization",
  "content-length",
  "cookie",
  "cookie2",
  "expect",
  "forwarded",
  "host",
  "http2-settings",
  "via",
  "x-client-ip",
  "x-real-ip",
]);
const OUR_KINDS = /^(?:proxy-|x-forwarded|x-middleware-|x-nextjs-|x-invoke-|x-matched-path|x-original-|x-rewrite-|latchkey-)/;
/** What an HTTP/1.1 header may hold. */
const VALUE = /^[\t -~\u0080-\u00ff]*$/;

/** A caller's headers as the platform gets them: what is ours taken out, and the connection's own in place of whatever the caller said there. */
export function requestHeaders(given: Headers, attached: Readonly<Record<string, string>>): Record<string, string> {
  const dropped = hopByHop(given);
  const passed: Record<string, string> = {};
  for (const [name, value] of given) {
    if (dropped.has(name) || OURS.has(name) || OUR_KINDS.test(name)) continue;
    if (!VALUE.test(value)) throw new AppError("bad_header", 400);
    passed[name] = value;
  }
  for (const [name, value] of Object.entries(attached)) passed[name.toLowerCase()] = value;
  return passed;
}
