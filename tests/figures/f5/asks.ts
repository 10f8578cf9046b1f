import fc from "fast-check";
import type { Action } from "@/tests/support/action-manifest";
import { actionAsk } from "./action-ask";
import { apiAsk } from "./api-ask";
import type { Ask } from "./ask";
import { routeAsk } from "./route-ask";
import { webhookAsk } from "./webhook-ask";

type Product = {
  url: string;
  actions: readonly Action[];
  routes: readonly { method: string; path: string }[];
  keys: readonly string[];
  webhookKey: string;
  /** Ids and names of what is there, so that some asks are about something. */
  known: readonly string[];
};

const PLATFORMS = /\/providers\/|\/connect\/\[provider\]\/|\/import\//;

/** Everything that may be sent to a running product, by surface; to platforms' forms as much as to all other actions. */
export function asksOf({ url, actions, routes, keys, webhookKey, known }: Product): Record<string, fc.Arbitrary<Ask>> {
  // Signing out would end the session that the others need.
  const asked = actions.filter(({ name }) => name !== "signOutAction");
  const of = (surface: string, list: readonly Action[]) => fc.oneof(...list.map((action) => actionAsk(url, action, known, surface)));
  return {
    "server actions": of(
      "server actions",
      asked.filter(({ file }) => !PLATFORMS.test(file)),
    ),
    "platforms' forms": of(
      "platforms' forms",
      asked.filter(({ file }) => PLATFORMS.test(file)),
    ),
    "the backends' API": apiAsk(routes, keys, known),
    webhooks: webhookAsk(url, webhookKey),
    "callbacks, starts and other routes": routeAsk(url),
  };
}
