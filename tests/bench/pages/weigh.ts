import { gzipSync } from "node:zlib";

/** Kilobytes of gzip that a page's first load is made of, and what it asks of other hosts. */
export type Weight = { js: number; css: number; html: number; foreign: string[] };

const known = new Map<string, Promise<number>>();
const kilobytes = (bytes: Buffer | string) => gzipSync(bytes).length / 1000;

/** What the served HTML references, scripts for browsers without modules left out. */
export async function weigh(url: string, path: string, cookie: string): Promise<Weight> {
  const answer = await fetch(new URL(path, url), { headers: { cookie, accept: "text/html" }, redirect: "manual" });
  if (answer.status !== 200) throw new Error(`${path} answered ${answer.status} ${answer.headers.get("location") ?? ""}`);
  const html = await answer.text();
  const tags = [...html.matchAll(/<(?:script|link|img)\b[^>]*>/g)].map(([tag]) => tag);
  const from = (tag: string) => /\s(?:src|href)="([^"]+)"/.exec(tag)?.[1]?.replaceAll("&amp;", "&");
  const loaded = (wanted: (tag: string) => boolean) => [...new Set(tags.filter(wanted).map(from))].filter((one) => one !== undefined);
  const scripts = loaded((tag) => (tag.startsWith("<script") && !/\snomodule/i.test(tag)) || /\sas="script"|rel="modulepreload"/.test(tag));
  const styles = loaded((tag) => /rel="stylesheet"/.test(tag));
  const sum = async (all: string[]) => (await Promise.all(all.map((one) => sizeOf(new URL(one, url))))).reduce((a, b) => a + b, 0);
  return {
    js: await sum(scripts),
    css: await sum(styles),
    html: kilobytes(html),
    foreign: loaded(() => true).filter((one) => new URL(one, url).origin !== new URL(url).origin),
  };
}

function sizeOf(address: URL): Promise<number> {
  const size = known.get(address.href) ?? fetch(address).then(async (file) => kilobytes(Buffer.from(await file.arrayBuffer())));
  known.set(address.href, size);
  return size;
}
