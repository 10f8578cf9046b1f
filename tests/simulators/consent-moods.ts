import { setTimeout as sleep } from "node:timers/promises";
import { html } from "./simulator";

const SLOW_MS = 8_000;

/** What else a platform may do when somebody decides on its consent page, as buttons beside Approve and Deny. */
export const MOODS = `<details><summary>Make it difficult</summary><p>
<button name="decision" value="slow">Take 8 seconds</button> <button name="decision" value="error">Answer 503</button></p>
<p>For the wrong account, choose another store and approve.</p></details>`;

/** Hands a decision on as the platform's own mood has it; everything else passes. */
export async function inMood(request: Request, handle: (request: Request) => Promise<Response>): Promise<Response> {
  const isForm = request.headers.get("content-type")?.startsWith("application/x-www-form-urlencoded");
  if (request.method !== "POST" || !isForm) return handle(request);
  const form = new URLSearchParams(await request.clone().text());
  const decision = form.get("decision");
  if (decision === "error") return html(503, "<title>503</title><main><h1>503 Service Unavailable</h1><p>Nothing was decided.</p></main>");
  if (decision !== "slow") return handle(request);
  await sleep(SLOW_MS);
  form.set("decision", "approve");
  const headers = new Headers(request.headers);
  headers.delete("content-length");
  return handle(new Request(request.url, { method: "POST", headers, body: form, redirect: "manual" }));
}
