import type { WireAnswer } from "./wire";

/** Stands in every body that nobody may keep. */
export const MARK = "PORTAL-7f3a";

const typed = (type: string) => [["content-type", type]] as const;
const page = `<!doctype html><html><title>${MARK}</title><body>Please accept the terms of this network.</body></html>`;
const token = `{"access_token":"CNRY-${MARK}","token_type":"bearer","expires_in":3600}`;

/** What stands in a platform's place: portals, proxies, front doors, maintenance. None of it is a token answer. */
export const bodies: readonly (readonly [what: string, answer: WireAnswer])[] = [
  ["a page", { body: page, headers: typed("text/html; charset=utf-8") }],
  ["a captive portal that calls itself JSON", { body: page }],
  ["a page without a type", { body: page, headers: [] }],
  ["nothing, with 200", { body: "" }],
  ["nothing in chunks", { body: "", framing: "chunked" }],
  ["nothing until the connection ends", { body: "", headers: [], framing: "close" }],
  ["204", { body: "", status: 204 }],
  ["205", { body: "", status: 205 }],
  ["202 and a promise", { body: `{"status":"queued","id":"${MARK}"}`, status: 202 }],
  ["spaces", { body: " \r\n\t ".repeat(50) }],
  ["a word", { body: `OK ${MARK}`, headers: typed("text/plain") }],
  ["XML", { body: `<?xml version="1.0"?><access_token>${MARK}</access_token>`, headers: typed("application/xml") }],
  [
    "a form-encoded token, though JSON was asked for",
    { body: `access_token=${MARK}&token_type=bearer`, headers: typed("application/x-www-form-urlencoded") },
  ],
  ["JSONP", { body: `callback(${token});`, headers: typed("application/javascript") }],
  ["a guarded JSON", { body: `)]}',\n${token}` }],
  ["JSON in a string", { body: JSON.stringify(token) }],
  ["JSON in UTF-16", { body: Buffer.from(token, "utf16le") }],
  ["an object of nothing", { body: "{}" }],
  ["an object of something else", { body: `{"message":"Welcome","portal":"${MARK}"}` }],
  ["an empty token", { body: `{"access_token":"","token_type":"bearer","note":"${MARK}"}` }],
  ["no token where one belongs", { body: `{"access_token":null,"token_type":"bearer","note":"${MARK}"}` }],
  ["a token of another kind", { body: token.replace("bearer", "mac") }],
  ["a picture", { body: Buffer.from("89504e470d0a1a0a0000000d49484452", "hex"), headers: typed("image/png") }],
  ["a redirect to a portal", { body: page, status: 302, headers: [["location", `http://127.0.0.1:1/${MARK}`]] }],
  ["a redirect that would post again", { body: "", status: 307, headers: [["location", `http://127.0.0.1:1/${MARK}`]] }],
  ["a front door that is shut", { body: page, status: 403, headers: typed("text/html") }],
  ["a page that is not there", { body: page, status: 404, headers: typed("text/html") }],
  ["a part of something", { body: page, status: 206, headers: typed("text/html") }],
];
