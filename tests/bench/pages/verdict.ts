import type { Look, Seen } from "./judge";
import { everywhere, type Route } from "./routes";
import type { Weight } from "./weigh";

/** What of a page is over its budget, each as a phrase; nothing where all is well. */
export function overweight({ budget }: Route, { js, css, html, foreign }: Weight): string[] {
  const over = (name: string, is: number, may: number) => (is > may ? [`${name} ${is.toFixed(1)} kB of ${may}`] : []);
  return [
    ...over("JavaScript", js, budget.js),
    ...over("CSS", css, everywhere.css),
    ...over("HTML", html, budget.html ?? everywhere.html),
    ...foreign.map((address) => `asks ${address}`),
  ];
}

export function tooSlow({ budget, seo }: Route, { theme }: Look, seen: Seen): string[] {
  const under = (name: string, is: number, wanted: number) => (is < wanted ? [`${name} ${is} under ${wanted}`] : []);
  const over = (name: string, is: number, may: number) => (is <= may ? [] : [`${name} ${Number(is.toFixed(3))} over ${may}`]);
  const scores = [
    ...under("accessibility", seen.accessibility, everywhere.accessibility),
    ...under("best practices", seen.practices, everywhere.practices),
    ...(seo ? under("SEO", seen.seo, everywhere.seo) : []),
    ...over("requests to other hosts", seen.foreign, 0),
  ];
  // The theme changes colours alone: it is looked at once.
  if (theme === "dark") return scores;
  return [
    ...under("performance", seen.performance, everywhere.performance),
    ...scores,
    ...over("LCP", seen.lcp, budget.lcp),
    ...over("TBT", seen.tbt, budget.tbt),
    ...over("CLS", seen.cls, budget.cls),
    ...over("font files", seen.fontFiles, everywhere.fontFiles),
    ...over("kB of fonts", seen.fonts, everywhere.fonts),
  ];
}
