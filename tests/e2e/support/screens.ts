import type { Page } from "@playwright/test";
import type { Scene } from "./scene";

export type Viewer = "nobody" | "merchant" | "newcomer" | "support" | "admin";
export type Screen = { name: string; as: Viewer; path: (scene: Scene) => string; act?: (page: Page) => Promise<void> };

const at = (path: string) => () => path;
const store =
  (state: string, under = "/connections") =>
  (scene: Scene) =>
    `${under}/${scene.stores[state]}`;
const nothere = "con_00000000000000000000";

/** Everything that is to be seen, once in each state that looks different. `act` leads to what has no address. */
export const screens: readonly Screen[] = [
  { name: "sign-in", as: "nobody", path: at("/sign-in?to=/connect/square&notice=expired") },
  { name: "sign-in-refused", as: "nobody", path: at("/sign-in?notice=no_access") },
  { name: "sign-in-sent", as: "nobody", path: at("/sign-in/sent") },
  { name: "sign-in-link", as: "nobody", path: at("/sign-in/link?email=mona%40riyadh-shop.example&token=none") },
  { name: "callback-refused", as: "nobody", path: at("/api/oauth/square/callback") },
  { name: "start-by-link", as: "merchant", path: at("/api/oauth/square/start") },
  { name: "stores-none", as: "newcomer", path: at("/connections") },
  { name: "stores-many", as: "merchant", path: at("/connections") },
  { name: "stores-no-match", as: "merchant", path: at("/connections?q=nothing-like-it") },
  { name: "catalogue", as: "merchant", path: at("/connect") },
  ...["noon", "norce", "ultracart", "square", "oauth2"].map((slug) => ({
    name: `connect-${slug}`,
    as: "newcomer" as const,
    path: at(`/connect/${slug}`),
  })),
  { name: "connect-in-progress", as: "merchant", path: at("/connect/square") },
  { name: "connect-reconnect", as: "merchant", path: (scene) => `/connect/square?connection=${scene.stores.healthy}` },
  {
    name: "connect-norce-errors",
    as: "newcomer",
    path: at("/connect/norce"),
    act: async (page) => {
      await page.locator("form:has([type=password]) button[type=submit]").click();
      await page.locator("#error-summary").waitFor();
    },
  },
  ...(
    [
      "waiting",
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
    as: "merchant" as const,
    path: (scene: Scene) => `/connect/result/${scene.attempts[outcome]}`,
  })),
  ...[
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
  ].map((state) => ({
    name: `store-${state}`,
    as: "merchant" as const,
    path: store(state),
  })),
  {
    name: "store-disconnect-dialog",
    as: "merchant",
    path: store("healthy"),
    act: async (page) => {
      await page.locator("a[aria-haspopup=dialog]").click();
      await page.getByRole("dialog").waitFor();
    },
  },
  {
    name: "store-account-menu",
    as: "merchant",
    path: store("healthy"),
    act: async (page) => {
      await page.locator("button.account-menu-button:visible").click();
      await page.locator("#account-menu").waitFor();
    },
  },
  { name: "store-disconnect", as: "merchant", path: (scene) => `/connections/${scene.stores.healthy}/disconnect` },
  { name: "not-found", as: "merchant", path: at(`/connections/${nothere}`) },
  { name: "forbidden-merchant", as: "merchant", path: at("/support") },
  { name: "forbidden-support", as: "support", path: at("/health") },
  { name: "support", as: "support", path: at("/support") },
  { name: "support-search", as: "support", path: at("/support?q=shop&offer=square") },
  { name: "support-no-match", as: "support", path: at("/support?q=nothing-like-it") },
  ...["healthy", "needs_reconnect", "refresh_failing", "renewal_late", "renewing", "revoking", "revoked", "by_hand"].map((state) => ({
    name: `support-${state}`,
    as: "support" as const,
    path: store(state, "/support"),
  })),
  { name: "support-revoke", as: "support", path: (scene) => `/support/${scene.stores.healthy}/revoke` },
  {
    name: "support-revoke-errors",
    as: "support",
    path: (scene) => `/support/${scene.stores.healthy}/revoke`,
    act: async (page) => {
      await page.locator("form:has(#cause) button[type=submit]").click();
      await page.locator("#error-summary").waitFor();
    },
  },
  { name: "health", as: "admin", path: at("/health") },
  { name: "people", as: "admin", path: at("/people") },
  { name: "import", as: "admin", path: at("/import") },
];
