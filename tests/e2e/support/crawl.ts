import { sessionCookie } from "./test";

/** How Next's own router asks for a page: whole, before a click, and for the outline of a route. */
const WHOLE = { rsc: "1" };
const BEFORE: Record<string, string>[] = [
  { rsc: "1", "next-router-prefetch": "1" },
  { rsc: "1", "next-router-prefetch": "1", "next-router-segment-prefetch": "/_tree" },
];

export type Crawled = { pages: number; flights: number; statuses: Set<number> };

/** Asks for each page as a document and as the router does, and so for every page that they link to. */
export async function crawl(url: string, token: string | undefined, from: readonly string[]): Promise<Crawled> {
  const crawled: Crawled = { pages: 0, flights: 0, statuses: new Set() };
  const cookie: Record<string, string> = token ? { cookie: `${sessionCookie}=${token}` } : {};
  const ask = async (path: string, headers: Record<string, string>) => {
    const answer = await fetch(new URL(path, url), { headers: { ...cookie, ...headers }, redirect: "manual" });
    return { answer, text: await answer.text() };
  };
  const fly = async (path: string, headers: Record<string, string>) => {
    const { answer } = await ask(path, headers);
    // The router is led to an address of its own for each of these ways, so that no cache confuses them.
    const next = answer.headers.get("location");
    const { headers: told } = next?.includes("_rsc=") ? (await ask(next, headers)).answer : answer;
    if (told.get("content-type")?.startsWith("text/x-component")) crawled.flights += 1;
  };
  const seen = new Set<string>();
  const routes = new Set<string>();
  const waiting = [...from];
  for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
    if (seen.has(path)) continue;
    seen.add(path);
    const { answer, text } = await ask(path, { accept: "text/html" });
    crawled.pages += 1;
    crawled.statuses.add(answer.status);
    // Of addresses that differ only in what a filter or a way back is set to, one is like the other.
    for (const [, link = ""] of text.matchAll(/href="(\/(?!_next|api\/|\/)[^"#]*)"/g)) {
      const plain = link.replaceAll("&amp;", "&");
      if (!routes.has(shapeOf(plain))) waiting.push(plain);
      routes.add(shapeOf(plain));
    }
    if (path.startsWith("/api/")) continue;
    await fly(path, WHOLE);
    const route = path.replace(/\?.*/, "").replace(/(con|att)_\w+/g, "*");
    if (!routes.has(route)) for (const headers of BEFORE) await fly(path, headers);
    routes.add(route);
  }
  return crawled;
}

const shapeOf = (path: string) => {
  const { pathname, searchParams } = new URL(path, "http://localhost");
  return `${pathname}?${[...searchParams.keys()].sort()}`;
};
