import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { type BrowserContext, chromium } from "@playwright/test";
import { guestCookies } from "@/tests/e2e/support/link-scene";
import { findBrowser, launchOptions } from "@/tests/support/browser";
import { freePort } from "@/tests/support/free-port";
import { type House, openHouse } from "./pages/house";
import { judge, type Look, middle, type Seen } from "./pages/judge";
import { type Route, routes } from "./pages/routes";
import { overweight, tooSlow } from "./pages/verdict";
import { weigh } from "./pages/weigh";

const RESULT = "tests/bench/pages.json";
const VISITS = 5;
const looks: Look[] = [
  { locale: "en", theme: "light" },
  { locale: "ar", theme: "light" },
  { locale: "en", theme: "dark" },
  { locale: "ar", theme: "dark" },
];

/** `only`: names of routes, with commas between; null: all of them. */
type Wishes = { quick: boolean; only: string | undefined };
type Line = ReturnType<typeof lineOf>;

/** Weighs every route and has Lighthouse open it, in both languages and both themes; whether all of it is within its budget. */
export async function pages(say: (line: string) => void, { quick, only }: Wishes): Promise<boolean> {
  const house = await openHouse(say);
  const port = await freePort();
  const { args, ...options } = launchOptions(findBrowser()?.path);
  // Lighthouse opens its pages in the browser's own profile, so that is where the cookies have to be.
  // And in the zone of which one of them speaks.
  const env = { ...process.env, TZ: "Asia/Riyadh" };
  const browser = await chromium.launchPersistentContext("", { ...options, env, args: [...args, `--remote-debugging-port=${port}`] });
  const version = browser.browser()?.version() ?? "";
  const measured: Line[] = [];
  // Some names have a comma and a space in them.
  const names = only?.split(/,(?! )/);
  try {
    // What a browser does once, it does with the first page that it opens.
    await judge(`${house.installation.url}/sign-in`, port);
    for (const route of routes.filter(({ name }) => names?.includes(name) ?? true))
      for (const line of await measure(house, route, { browser, port, visits: quick ? 1 : VISITS })) {
        measured.push(line);
        say(told(line));
      }
  } finally {
    await browser.close();
    await house.close();
  }
  const broken = measured.filter(({ broken }) => broken.length > 0);
  // One visit says too little to be kept.
  if (!quick) {
    const about = {
      command: "npm run bench -- pages",
      visits: VISITS,
      processors: availableParallelism(),
      browser: version,
      node: process.version,
    };
    writeFileSync(RESULT, `${JSON.stringify({ about, pages: [...keptBeside(measured), ...measured].sort(byRoute) }, null, 2)}\n`);
    say(`  written to ${RESULT}`);
  }
  say(
    broken.length === 0
      ? `All ${measured.length} looks of ${routes.length} routes are within their budgets.`
      : `${broken.length} looks are over a budget.`,
  );
  return broken.length === 0;
}

/** What was measured before of routes that were not measured now. */
function keptBeside(measured: readonly Line[]): Line[] {
  if (!existsSync(RESULT)) return [];
  const { pages: before } = JSON.parse(readFileSync(RESULT, "utf8")) as { pages: Line[] };
  return before.filter((line) => !measured.some(({ route }) => route === line.route) && routes.some(({ name }) => name === line.route));
}

const place = ({ route }: Line): number => routes.findIndex(({ name }) => name === route);
const byRoute = (a: Line, b: Line): number => place(a) - place(b);

type Eyes = { browser: BrowserContext; port: number; visits: number };

async function measure({ installation, scene, tokens }: House, route: Route, { browser, port, visits }: Eyes) {
  const token = tokens[route.as];
  const path = route.path(scene);
  const session: Record<string, string> = route.as === "guest" ? guestCookies : token ? { "latchkey.session": token } : {};
  const lines: Line[] = [];
  for (const look of looks) {
    const cookies = { ...session, "latchkey-locale": look.locale, "latchkey-theme": look.theme, "latchkey-tz": "Asia/Riyadh~-180" };
    const weight = await weigh(
      installation.url,
      path,
      Object.entries(cookies)
        .map((pair) => pair.join("="))
        .join("; "),
    );
    await browser.clearCookies();
    await browser.addCookies(Object.entries(cookies).map(([name, value]) => ({ name, value, url: installation.url })));
    const seen: Seen[] = [];
    for (let visit = 0; visit < (look.theme === "dark" ? 1 : visits); visit += 1) seen.push(await judge(installation.url + path, port));
    lines.push(lineOf(route, look, weight, middle(seen)));
  }
  return lines;
}

const lineOf = (route: Route, look: Look, weight: Awaited<ReturnType<typeof weigh>>, seen: Seen) => ({
  route: route.name,
  ...look,
  on: new Date().toISOString().slice(0, 10),
  js: Number(weight.js.toFixed(1)),
  css: Number(weight.css.toFixed(1)),
  html: Number(weight.html.toFixed(1)),
  ...seen,
  lcp: Math.round(seen.lcp),
  lcpWithScripts: Math.round(seen.lcpWithScripts),
  tbt: Math.round(seen.tbt),
  cls: Number(seen.cls.toFixed(3)),
  fonts: Number(seen.fonts.toFixed(1)),
  broken: [...overweight(route, weight), ...tooSlow(route, look, seen)],
});

function told({
  route,
  locale,
  theme,
  js,
  css,
  html,
  performance,
  accessibility,
  practices,
  seo,
  lcp,
  tbt,
  cls,
  fonts,
  broken,
  missed,
}: Line): string {
  const scores = [performance, accessibility, practices, seo].join("/");
  const facts = `${js} kB JS, ${css} CSS, ${html} HTML, ${fonts} fonts; ${scores}; LCP ${lcp} ms, TBT ${tbt} ms, CLS ${cls}`;
  const fault = broken.length > 0 ? `  RED: ${broken.join("; ")} (${missed.join(", ")})` : "";
  return `${`${route} (${locale}, ${theme})`.padEnd(34)} ${facts}${fault}`;
}
