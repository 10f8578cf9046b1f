import { approveAt } from "@/tests/providers/worlds/approve-at";
import type { Installation } from "./installation";
import type { ConsentSlug } from "./journey";
import { type Someone, sessionCookie } from "./test";

/** A consent that was started with HTTP alone, as an attacker or a retrying proxy would: what the browser holds, and where it goes. */
export type Started = { attemptId: string; cookies: Record<string, string>; platformUrl: string };

export async function start({ url }: Installation, { token }: Someone, slug: ConsentSlug): Promise<Started> {
  const session = { [sessionCookie]: token };
  const answer = await fetch(`${url}/api/oauth/${slug}/start`, {
    method: "POST",
    body: new URLSearchParams(),
    headers: { cookie: header(session), origin: url },
  });
  const page = await answer.text();
  const platformUrl = /http-equiv="refresh" content="0;url=([^"]+)"/.exec(page)?.[1]?.replaceAll("&amp;", "&");
  const flow = answer.headers.getSetCookie().map((line) => line.split("; ")[0]?.split("=") ?? []);
  const [name = "", secret = ""] = flow.find(([cookie]) => cookie?.startsWith("latchkey.flow.")) ?? [];
  if (!platformUrl || !name) throw new Error(`Nothing was started: ${answer.status} ${page}`);
  return { attemptId: name.slice("latchkey.flow.".length), cookies: { ...session, [name]: secret }, platformUrl };
}

/** Approves at the platform; resolves to the query that the browser brings back. */
export async function approve(
  { world }: Installation,
  slug: ConsentSlug,
  { platformUrl }: Started,
  store?: string,
): Promise<URLSearchParams> {
  const platform = world.platforms[slug];
  const first = await platform.handle(new Request(platformUrl, { redirect: "manual" }));
  // One platform puts a redirect between its authorize address and its consent page.
  return approveAt(platform, first.status === 307 ? (first.headers.get("location") ?? platformUrl) : platformUrl, store);
}

type Return = { slug: string; query: URLSearchParams; cookies: Record<string, string>; method?: string; at?: string };

/** Comes back from the platform. `at` is another process of the product. */
export function comeBack({ url }: Installation, { slug, query, cookies, method = "GET", at = url }: Return): Promise<Response> {
  return fetch(`${at}/api/oauth/${slug}/callback?${query}`, { method, redirect: "manual", headers: { cookie: header(cookies) } });
}

const header = (cookies: Record<string, string>) =>
  Object.entries(cookies)
    .map((pair) => pair.join("="))
    .join("; ");
