import type { Page } from "@playwright/test";
import { linkToken, type Viewer } from "./cast";
import { byLink, linkAttempts, linkPath } from "./link-scene";
import type { Meanwhile } from "./meanwhile";
import { tries } from "./offer-scene";
import type { Scene } from "./scene";
import {
  addWebhook,
  checkAddresses,
  chooseImport,
  continueTo,
  heldUp,
  makeKey,
  openEvent,
  openRail,
  openWebhook,
  press,
  startDuringAnOutage,
  stopAtLeaving,
  submitEmpty,
  waitAt,
} from "./screen-acts";

export type Screen = {
  name: string;
  as: Viewer;
  path: (scene: Scene) => string;
  /** Leads to what has no address. */
  act?: (page: Page) => Promise<unknown>;
  /** While it is asked for; what `act` does comes after. */
  meanwhile?: Meanwhile;
  /** Built of the same parts as a screen before it: photographed, and not examined once more. */
  alike?: true;
};

const at = (path: string) => () => path;
const store =
  (state: string, under = "/connections", after = "") =>
  (scene: Scene) =>
    `${under}/${scene.stores[state]}${after}`;
const nothere = "con_00000000000000000000";
const firstAdmin = (token: string) => at(`/sign-in/first?token=${token}&email=omar%40latchkey.example`);
const mailed = (token: string) => at(`/sign-in/link?email=mona%40riyadh-shop.example&token=${token}`);

const beforeAnybody: Screen[] = [
  { name: "first-admin", as: "founder", path: firstAdmin(linkToken) },
  { name: "first-admin-errors", as: "founder", path: at(`/sign-in/first?token=${linkToken}&problem=email`) },
  { name: "first-admin-dead", as: "founder", path: firstAdmin("none"), alike: true },
  { name: "health-empty", as: "pioneer", path: at("/health") },
  { name: "support-empty", as: "pioneer", path: at("/support"), alike: true },
  { name: "alerts-empty", as: "pioneer", path: at("/alerts") },
  { name: "keys-empty", as: "pioneer", path: at("/keys") },
];

const signIn: Screen[] = [
  { name: "sign-in", as: "nobody", path: at("/sign-in?to=/connect/square&notice=expired") },
  { name: "sign-in-plain", as: "nobody", path: at("/sign-in"), alike: true },
  { name: "sign-in-refused", as: "nobody", path: at("/sign-in?notice=no_access") },
  { name: "sign-in-failed", as: "nobody", path: at("/sign-in?notice=provider"), alike: true },
  { name: "sign-in-errors", as: "nobody", path: at("/sign-in?notice=email") },
  { name: "sign-in-sent", as: "nobody", path: at("/sign-in/sent") },
  { name: "sign-in-link", as: "nobody", path: mailed(linkToken) },
  { name: "sign-in-link-dead", as: "nobody", path: mailed("none") },
  { name: "sign-in-continue", as: "nobody", path: at("/sign-in"), act: stopAtLeaving("form[action$='/provider'] button") },
  { name: "identity-provider", as: "nobody", path: at("/sign-in"), act: continueTo("form[action$='/provider'] button") },
  { name: "callback-refused", as: "nobody", path: at("/api/oauth/square/callback") },
  { name: "not-found-anywhere", as: "nobody", path: at("/nothing-here") },
  { name: "docs", as: "nobody", path: at("/docs") },
  { name: "mail-settings-link", as: "nobody", path: (scene) => `/settings/mail?done=stopped&token=${scene.mailToken}` },
  { name: "mail-settings-dead", as: "nobody", path: at("/settings/mail?token=none"), alike: true },
];

const catalogue: Screen[] = [
  { name: "start-by-link", as: "merchant", path: at("/api/oauth/square/start") },
  { name: "stores-none", as: "newcomer", path: at("/connections") },
  { name: "stores-loading", as: "newcomer", path: at("/connect"), act: waitAt("/connections") },
  { name: "stores-few", as: "keeper", path: at("/connections") },
  { name: "stores-many", as: "merchant", path: at("/connections") },
  { name: "stores-found", as: "merchant", path: at("/connections?word=working"), alike: true },
  { name: "stores-no-match", as: "merchant", path: at("/connections?q=nothing-like-it") },
  { name: "catalogue", as: "merchant", path: at("/connect") },
  ...["noon", "norce", "ultracart", "square", "oauth2"].map((slug) => ({
    name: `connect-${slug}`,
    as: "newcomer" as const,
    path: at(`/connect/${slug}`),
  })),
  { name: "connect-two-merchants", as: "keeper", path: at("/connect/square"), alike: true },
  { name: "connect-paused", as: "newcomer", path: at("/connect/noon"), meanwhile: "incident" },
  { name: "connect-in-progress", as: "merchant", path: at("/connect/square") },
  { name: "connect-reconnect", as: "merchant", path: (scene) => `/connect/square?connection=${scene.stores.healthy}` },
  { name: "connect-norce-errors", as: "newcomer", path: at("/connect/norce"), act: submitEmpty("form:has([type=password])") },
];

const links: Screen[] = [
  { name: "link", as: "nobody", path: at(linkPath("open")) },
  { name: "link-reconnect", as: "nobody", path: at(linkPath("store")), alike: true },
  { name: "link-signed-in", as: "keeper", path: at(linkPath("open")) },
  { name: "link-used", as: "nobody", path: at(linkPath("used")) },
  ...(["expired", "revoked", "elsewhere"] as const).map((name) => ({
    name: `link-${name}`,
    as: "nobody" as const,
    path: at(linkPath(name)),
    alike: true as const,
  })),
  { name: "link-unknown", as: "nobody", path: at(`/link/${"A".repeat(43)}`) },
  { name: "link-again", as: "guest", path: at(linkPath("mine")), alike: true },
  { name: "link-closed", as: "guest", path: at(byLink("done", "/closed")) },
  { name: "link-catalogue", as: "guest", path: at(byLink("mine")) },
  { name: "link-square", as: "guest", path: at(byLink("mine", "/square")) },
  { name: "link-norce", as: "guest", path: at(byLink("mine", "/norce")) },
  { name: "link-result", as: "guest", path: at(byLink("done", `/result/${linkAttempts.connected}`)) },
  { name: "link-denied", as: "guest", path: at(byLink("again", `/result/${linkAttempts.denied}`)) },
  { name: "link-other-store", as: "guest", path: at(byLink("again", `/result/${linkAttempts.other}`)) },
];

const results: Screen[] = (
  [
    "waiting",
    "finishing",
    "connected",
    "renewed",
    "different_account",
    "held_elsewhere",
    "denied",
    "nothing",
    "timed_out",
    "used",
    "not_matched",
    "replaced",
    "cancelled",
    "refused",
    "unreachable",
    "our_fault",
    "abandoned",
  ] as const
).map((outcome) => ({
  name: `result-${outcome}`,
  as: "merchant",
  path: (scene) => `/connect/result/${scene.attempts[outcome]}`,
}));

/** Of what follows, in each state; `alike` ones have the parts of those before them. */
const inStates = (as: Viewer, name: string, under: string, states: string[], alike: string[]): Screen[] =>
  [...states, ...alike].map((state) => ({
    name: `${name}-${state}`,
    as,
    path: store(state, under),
    ...(alike.includes(state) && { alike: true }),
  }));

const stores: Screen[] = [
  ...inStates(
    "merchant",
    "store",
    "/connections",
    [
      "healthy",
      "needs_reconnect",
      "expiring_soon",
      "expired_renewable",
      "unknown",
      "on_demand",
      "no_end",
      "revoking",
      "revoked",
      "by_hand",
    ],
    ["refresh_failing", "unconfigured"],
  ),
  { name: "store-tested", as: "merchant", path: store("on_demand", "/connections", "?done=works"), alike: true },
  { name: "store-test-failed", as: "merchant", path: store("needs_reconnect", "/connections", "?done=failed_reconnect"), alike: true },
  { name: "store-all-events", as: "merchant", path: store("healthy", "/connections", "?events=all"), alike: true },
  { name: "store-disconnect-dialog", as: "merchant", path: store("healthy"), act: press("a[aria-haspopup=dialog]", "dialog[open]") },
  { name: "store-account-menu", as: "merchant", path: store("healthy"), act: press("button.account-menu-button", "#account-menu") },
  { name: "store-theme-menu", as: "merchant", path: store("healthy"), act: press("button.theme-menu-button", "#theme-menu") },
  { name: "store-disconnect", as: "merchant", path: store("healthy", "/connections", "/disconnect") },
  { name: "store-disconnect-plain", as: "merchant", path: store("on_demand", "/connections", "/disconnect"), alike: true },
  { name: "mail-settings", as: "merchant", path: at("/settings/mail") },
  { name: "not-found", as: "merchant", path: at(`/connections/${nothere}`) },
  { name: "forbidden-merchant", as: "merchant", path: at("/support") },
  { name: "broken", as: "unlucky", path: at("/connections"), meanwhile: "broken" },
  { name: "start-down", as: "unlucky", path: at("/connect/square"), act: startDuringAnOutage },
];

const support: Screen[] = [
  { name: "support", as: "support", path: at("/support") },
  { name: "support-search", as: "support", path: at("/support?q=shop&offer=square") },
  { name: "support-no-match", as: "support", path: at("/support?q=nothing-like-it") },
  { name: "support-let-go", as: "support", path: at("/support?done=let_go"), alike: true },
  { name: "support-all", as: "support", path: at("/support?sort=attention") },
  {
    name: "support-filters",
    as: "support",
    path: at("/support?q=shop&renews=no&env=production"),
    act: press("#search summary", "#search details[open]"),
  },
  { name: "support-nearest", as: "support", path: at("/support?q=Riyad+Trding") },
  { name: "support-view-refused", as: "support", path: at("/support?state=healthy&view=name_needed"), alike: true },
  { name: "support-incident", as: "support", path: at("/support"), meanwhile: "incident" },
  {
    name: "support-loading",
    as: "support",
    path: at("/support"),
    act: heldUp('nav a[href="/support?sort=attention"]', "#results[aria-busy=true]"),
    alike: true,
  },
  {
    name: "palette",
    as: "support",
    path: at("/support"),
    act: press("button[aria-keyshortcuts='Control+K Meta+K']", "dialog[open] [role=option]"),
  },
  { name: "support-menu", as: "support", path: at("/support"), act: openRail },
  ...inStates(
    "support",
    "support",
    "/support",
    [
      "healthy",
      "needs_reconnect",
      "refresh_failing",
      "renewal_late",
      "renewing",
      "unconfigured",
      "parked",
      "revoking",
      "revoked",
      "by_hand",
    ],
    ["expiring_soon", "expired_renewable", "unknown", "on_demand", "no_end", "pending"],
  ),
  { name: "support-tested", as: "support", path: store("renewal_late", "/support"), act: press("[value=test]", "form [role=status] svg") },
  { name: "support-link", as: "support", path: store("healthy", "/support"), act: press("[value=reconnect]", "form [role=status] code") },
  { name: "support-calls", as: "support", path: store("healthy", "/support", "/calls") },
  { name: "support-calls-none", as: "support", path: store("renewing", "/support", "/calls"), alike: true },
  { name: "support-revoke", as: "support", path: store("healthy", "/support", "/revoke") },
  { name: "support-revoke-errors", as: "support", path: store("healthy", "/support", "/revoke"), act: submitEmpty("form:has(#cause)") },
  { name: "support-revoke-dialog", as: "support", path: store("healthy", "/support"), act: press("a[data-revoke]", "dialog[open] #cause") },
  {
    name: "support-row-menu",
    as: "support",
    path: at("/support?q=Riyadh"),
    act: press("button[popovertarget^=menu-]", ".menu:popover-open"),
  },
  { name: "support-selected", as: "support", path: at("/support?q=shop"), act: press("input[form=bulk][name=id]", "#bulk output") },
  { name: "bulk", as: "support", path: at("/support/bulk") },
  { name: "bulk-confirm", as: "support", path: at("/support/bulk?act=revoke&all=1&query=") },
  { name: "bulk-confirm-renew", as: "support", path: at("/support/bulk?act=renew&all=1&query="), alike: true },
  {
    name: "bulk-errors",
    as: "support",
    path: at("/support/bulk?act=revoke&all=1&query="),
    act: submitEmpty("form:has(#cause)"),
  },
  { name: "bulk-run", as: "support", path: (scene) => `/support/bulk/${scene.bulkRun}` },
  { name: "support-revoke-again", as: "support", path: store("revoked", "/support", "?ended=already"), alike: true },
  { name: "support-not-found", as: "support", path: at(`/support/${nothere}`), alike: true },
  { name: "forbidden-support", as: "support", path: at("/health") },
];

const admin: Screen[] = [
  { name: "health", as: "admin", path: at("/health") },
  { name: "health-loading", as: "admin", path: at("/people"), act: waitAt("/health"), alike: true },
  { name: "health-wall", as: "admin", path: at("/health?wall=1") },
  { name: "providers", as: "admin", path: at("/providers") },
  { name: "providers-new", as: "admin", path: at("/providers/new"), alike: true },
  {
    name: "providers-new-errors",
    as: "admin",
    path: at("/providers/new"),
    act: press("button[value=save]:not([hidden])", "#error-summary"),
  },
  { name: "providers-new-checked", as: "admin", path: at("/providers/new"), act: checkAddresses },
  { name: "provider-draft", as: "admin", path: at("/providers/dock?done=created") },
  { name: "provider-held", as: "admin", path: at("/providers/souq?problem=reason") },
  { name: "provider-variables", as: "admin", path: at("/providers/square?life=30&unit=days") },
  { name: "provider-credentials", as: "admin", path: at("/providers/norce"), alike: true },
  { name: "provider-edit", as: "admin", path: at("/providers/dock/edit"), alike: true },
  { name: "provider-delete", as: "admin", path: at("/providers/dock/delete?problem=name") },
  { name: "provider-try-good", as: "admin", path: at(`/providers/dock/try/${tries.good}`) },
  { name: "provider-try-bad", as: "admin", path: at(`/providers/dock/try/${tries.bad}`) },
  { name: "provider-try-open", as: "admin", path: at(`/providers/dock/try/${tries.open}`), alike: true },
  { name: "catalogue-held", as: "newcomer", path: at("/connect") },
  { name: "connect-held", as: "newcomer", path: at("/connect/souq") },
  { name: "connect-failing", as: "newcomer", path: at("/connect/bazaar") },
  { name: "alerts", as: "admin", path: at("/alerts?done=delivered"), act: openWebhook },
  { name: "alerts-errors", as: "admin", path: at("/alerts?problem=threshold"), act: submitEmpty("form:has(#address)") },
  { name: "alerts-secret", as: "admin", path: at("/alerts"), act: addWebhook },
  { name: "keys", as: "admin", path: at("/keys?done=revoked"), act: press("main details summary", "main details[open] table") },
  { name: "key-new", as: "admin", path: at("/keys/new") },
  { name: "key-new-errors", as: "admin", path: at("/keys/new"), act: submitEmpty("form:has(#scopes)") },
  { name: "key-made", as: "admin", path: at("/keys/new"), act: makeKey },
  { name: "key-replace", as: "admin", path: at("/keys"), act: press("a[href$='/replace']", "form [name=overlap]") },
  { name: "key-revoke", as: "admin", path: at("/keys"), act: press("a[href$='/revoke']", "#typed") },
  { name: "audit", as: "admin", path: at("/audit") },
  { name: "audit-event", as: "admin", path: at("/audit?by=all"), act: openEvent },
  { name: "audit-none", as: "admin", path: at("/audit?actor=nobody%40company.example&from=2026-01-01") },
  { name: "people", as: "admin", path: at("/people?done=invited_silently") },
  { name: "people-roles", as: "admin", path: at("/people"), act: press("summary", "details[open] table") },
  { name: "people-none", as: "admin", path: at("/people?q=nothing-like-it") },
  { name: "person", as: "admin", path: at("/people"), act: press("tbody tr:nth-child(2) a", "#sessions-title") },
  { name: "people-errors", as: "admin", path: at("/people?problem=email") },
  { name: "import", as: "admin", path: at("/import") },
  { name: "import-square", as: "admin", path: at("/import"), act: chooseImport("square") },
  { name: "import-noon", as: "admin", path: at("/import"), act: chooseImport("noon"), alike: true },
  {
    name: "import-errors",
    as: "admin",
    path: at("/import"),
    act: async (page) => {
      await chooseImport("square")(page);
      await submitEmpty("form:has([type=password])")(page);
    },
  },
];

const outages: Screen[] = [
  { name: "support-broken", as: "hapless", path: at("/support"), meanwhile: "broken" },
  { name: "health-broken", as: "hapless", path: at("/health"), meanwhile: "broken", alike: true },
];

// Last, since each of them leaves an attempt behind.
const away: Screen[] = [
  { name: "leaving", as: "keeper", path: at("/connect/square"), act: stopAtLeaving("form[action$='/start'] [type=submit]") },
  ...["noon", "ultracart", "square", "oauth2"].map(
    (slug, index): Screen => ({
      name: `consent-${slug}`,
      as: "keeper",
      path: at(`/connect/${slug}`),
      act: continueTo("form[action$='/start'] [type=submit]"),
      ...(index > 0 && { alike: true }),
    }),
  ),
];

/** Everything that is to be seen, once in each state that looks different. */
export const screens: readonly Screen[] = [
  ...beforeAnybody,
  ...signIn,
  ...catalogue,
  ...links,
  ...results,
  ...stores,
  ...support,
  ...admin,
  ...outages,
  ...away,
];
