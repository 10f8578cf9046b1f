import { byLink, linkAttempts, linkPath } from "@/tests/e2e/support/link-scene";
import type { Scene } from "@/tests/e2e/support/scene";

export type Reader = "nobody" | "newcomer" | "merchant" | "guest" | "support" | "admin";

/** What a route may weigh and how fast it is: kilobytes of gzip, milliseconds, a share. */
export type Budget = { js: number; lcp: number; tbt: number; cls: number; html?: number };

export type Route = { name: string; as: Reader; path: (scene: Scene) => string; budget: Budget; seo?: true };

/** For every route alike, but where its own budget says otherwise. */
export const everywhere = { css: 25, html: 30, fontFiles: 2, fonts: 120, performance: 95, accessibility: 100, practices: 100, seo: 90 };

const first: Budget = { js: 145, lcp: 1500, tbt: 100, cls: 0.02 };
const form: Budget = { ...first, js: 150 };
const list: Budget = { js: 155, lcp: 1800, tbt: 150, cls: 0.05 };
const detail: Budget = { ...list, js: 165 };
const console: Budget = { js: 225, lcp: 2000, tbt: 200, cls: 0.05 };
/** No list: its charts, each mark a link, are in the page itself. */
const health: Budget = { html: 40, js: 210, lcp: 2500, tbt: 200, cls: 0.05 };
const settings: Budget = { js: 185, lcp: 2000, tbt: 200, cls: 0.05 };

/** All of the API on one page. */
const reference: Budget = { ...settings, html: 60 };

const at = (path: string) => () => path;
const store =
  (under: string, after = "") =>
  ({ stores }: Scene) =>
    `${under}/${stores.healthy}${after}`;

export const routes: readonly Route[] = [
  { name: "sign-in", as: "nobody", path: at("/sign-in"), budget: first, seo: true },
  { name: "catalogue", as: "merchant", path: at("/connect"), budget: first },
  { name: "pre-connect", as: "newcomer", path: at("/connect/square"), budget: first },
  { name: "result", as: "merchant", path: ({ attempts }) => `/connect/result/${attempts.connected}`, budget: first },
  { name: "connect form", as: "newcomer", path: at("/connect/norce"), budget: form },
  { name: "connect link", as: "nobody", path: at(linkPath("open")), budget: first },
  { name: "catalogue by a link", as: "guest", path: at(byLink("mine")), budget: first },
  { name: "pre-connect by a link", as: "guest", path: at(byLink("mine", "/square")), budget: first },
  { name: "connect form by a link", as: "guest", path: at(byLink("mine", "/norce")), budget: form },
  { name: "result by a link", as: "guest", path: at(byLink("done", `/result/${linkAttempts.connected}`)), budget: first },
  { name: "my stores", as: "merchant", path: at("/connections"), budget: list },
  { name: "my stores, none", as: "newcomer", path: at("/connections"), budget: list },
  { name: "store", as: "merchant", path: store("/connections"), budget: detail },
  { name: "disconnect", as: "merchant", path: store("/connections", "/disconnect"), budget: detail },
  { name: "support", as: "support", path: at("/support"), budget: console },
  { name: "support, found", as: "support", path: at("/support?q=shop&state=healthy"), budget: console },
  { name: "bulk revoke", as: "support", path: at("/support/bulk?act=revoke&all=1&query=state%3Dneeds_reconnect"), budget: console },
  { name: "connection", as: "support", path: store("/support"), budget: detail },
  { name: "revoke", as: "support", path: store("/support", "/revoke"), budget: detail },
  { name: "health", as: "admin", path: at("/health"), budget: health },
  { name: "alerts", as: "admin", path: at("/alerts"), budget: settings },
  { name: "API keys", as: "admin", path: at("/keys"), budget: settings },
  { name: "new API key", as: "admin", path: at("/keys/new"), budget: settings },
  { name: "audit", as: "admin", path: at("/audit"), budget: settings },
  { name: "people", as: "admin", path: at("/people"), budget: settings },
  { name: "platforms", as: "admin", path: at("/providers"), budget: settings },
  { name: "platform", as: "admin", path: at("/providers/square"), budget: settings },
  { name: "add a platform", as: "admin", path: at("/providers/new"), budget: settings },
  { name: "import", as: "admin", path: at("/import"), budget: settings },
  { name: "API reference", as: "nobody", path: at("/docs"), budget: reference },
  { name: "e-mails", as: "merchant", path: at("/settings/mail"), budget: settings },
];
