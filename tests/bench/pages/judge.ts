import lighthouse from "lighthouse";

/** What Lighthouse saw: scores of a hundred, milliseconds, a share, and the fonts that were fetched. */
export type Seen = {
  performance: number;
  accessibility: number;
  practices: number;
  seo: number;
  /** When the largest text or picture is there. */
  lcp: number;
  /** The same as Lighthouse reckons, as if that had waited for every script which happened to have arrived before. */
  lcpWithScripts: number;
  tbt: number;
  cls: number;
  fonts: number;
  fontFiles: number;
  foreign: number;
  /** The audits that were not passed, by id. */
  missed: string[];
};

export type Look = { locale: "en" | "ar"; theme: "light" | "dark" };

const CATEGORIES = ["performance", "accessibility", "best-practices", "seo"];

/** With the first paint, if no more than a frame lies between. */
const FRAME_MS = 34;

type Metrics = { observedFirstContentfulPaint: number; observedLargestContentfulPaint: number };

type Request = { url: string; resourceType?: string; transferSize?: number };

/** Has the browser at that port open a page once as a phone on a slow line does, with the cookies that it holds: Lighthouse's own defaults. */
export async function judge(address: string, port: number): Promise<Seen> {
  const run = await lighthouse(address, { port, logLevel: "silent", onlyCategories: CATEGORIES });
  if (!run || run.lhr.runtimeError) throw new Error(`Lighthouse could not open ${address}: ${run?.lhr.runtimeError?.message}`);
  const { categories, audits, finalDisplayedUrl } = run.lhr;
  if (new URL(finalDisplayedUrl).pathname !== new URL(address).pathname) throw new Error(`${address} led to ${finalDisplayedUrl}`);
  const score = (name: string) => Math.round((categories[name]?.score ?? 0) * 100);
  const value = (name: string) => audits[name]?.numericValue ?? Number.NaN;
  const [metrics] = (audits.metrics?.details as { items?: Metrics[] } | undefined)?.items ?? [];
  // Scripts are there at once on loopback, long before the first paint, and none of them is needed for it: what is painted first says so.
  const withFirst = metrics !== undefined && metrics.observedLargestContentfulPaint - metrics.observedFirstContentfulPaint <= FRAME_MS;
  const requests = ((audits["network-requests"]?.details as { items?: Request[] } | undefined)?.items ?? []).filter(({ url }) =>
    url.startsWith("http"),
  );
  const fonts = requests.filter(({ resourceType }) => resourceType === "Font");
  return {
    performance: score("performance"),
    accessibility: score("accessibility"),
    practices: score("best-practices"),
    seo: score("seo"),
    lcp: value(withFirst ? "first-contentful-paint" : "largest-contentful-paint"),
    lcpWithScripts: value("largest-contentful-paint"),
    tbt: value("total-blocking-time"),
    cls: value("cumulative-layout-shift"),
    fonts: fonts.reduce((sum, { transferSize = 0 }) => sum + transferSize, 0) / 1000,
    fontFiles: fonts.length,
    foreign: requests.filter(({ url }) => new URL(url).origin !== new URL(address).origin).length,
    missed: Object.values(audits)
      .filter((audit) => audit.score !== null && audit.score < 0.9 && ["binary", "metricSavings"].includes(audit.scoreDisplayMode))
      .map(({ id }) => id),
  };
}

/** Of each number the middle one of several visits; what was missed in most of them. */
export function middle(all: readonly Seen[]): Seen {
  const [first] = all;
  if (!first) throw new Error("Nothing was seen");
  const pick = (name: Exclude<keyof Seen, "missed">) =>
    all.map((one) => one[name]).sort((a, b) => a - b)[Math.floor(all.length / 2)] ?? Number.NaN;
  const names = Object.keys(first).filter((name): name is Exclude<keyof Seen, "missed"> => name !== "missed");
  const missed = [...new Set(all.flatMap((one) => one.missed))].filter(
    (id) => all.filter((one) => one.missed.includes(id)).length * 2 > all.length,
  );
  return { ...(Object.fromEntries(names.map((name) => [name, pick(name)])) as Omit<Seen, "missed">), missed };
}
