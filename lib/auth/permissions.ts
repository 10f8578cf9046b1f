import type { KeyScope } from "@/db/api-tables";
import { forbidden, notFound } from "@/lib/errors";
import type { Actor } from "./actor";
import { refused } from "./refusals";

type Scope = "own" | "any" | "no";
/** `key`: the scope that a backend's key must have; null: no key may. */
type Row = Record<"merchant" | "support" | "admin" | "link", Scope> & { key: KeyScope | null };

/** Who may do what: `own`, on their own merchant's objects; `any`, on everybody's. The worker may do everything. */
export const permissions = {
  "connection.list": { merchant: "own", support: "any", admin: "any", link: "no", key: "connections:read" },
  "connection.read": { merchant: "own", support: "any", admin: "any", link: "own", key: "connections:read" },
  "connection.connect": { merchant: "own", support: "no", admin: "no", link: "own", key: null },
  "connection.test": { merchant: "own", support: "any", admin: "any", link: "no", key: "connections:write" },
  "connection.renew": { merchant: "own", support: "any", admin: "any", link: "no", key: "connections:write" },
  "connection.disconnect": { merchant: "own", support: "no", admin: "no", link: "no", key: null },
  "connection.revoke": { merchant: "no", support: "any", admin: "any", link: "no", key: "connections:write" },
  "connection.import": { merchant: "no", support: "no", admin: "any", link: "no", key: "connections:write" },
  "access.read": { merchant: "no", support: "no", admin: "no", link: "no", key: "access:read" },
  "access.report": { merchant: "no", support: "no", admin: "no", link: "no", key: "access:read" },
  "credentials.read": { merchant: "no", support: "no", admin: "no", link: "no", key: "credentials:read" },
  "proxy.call": { merchant: "no", support: "no", admin: "no", link: "no", key: "proxy" },
  "caller.pause": { merchant: "own", support: "any", admin: "any", link: "no", key: null },
  "link.create": { merchant: "no", support: "any", admin: "any", link: "no", key: "links:create" },
  "provider.list": { merchant: "own", support: "any", admin: "any", link: "own", key: "connections:read" },
  "merchant.list": { merchant: "no", support: "any", admin: "any", link: "no", key: "connections:read" },
  "merchant.create": { merchant: "no", support: "no", admin: "any", link: "no", key: "connections:write" },
  "event.list": { merchant: "no", support: "no", admin: "no", link: "no", key: "connections:read" },
  "support.search": { merchant: "no", support: "any", admin: "any", link: "no", key: null },
  "bulk.run": { merchant: "no", support: "any", admin: "any", link: "no", key: null },
  "health.read": { merchant: "no", support: "no", admin: "any", link: "no", key: null },
  "alerts.manage": { merchant: "no", support: "no", admin: "any", link: "no", key: null },
  "providers.manage": { merchant: "no", support: "no", admin: "any", link: "no", key: null },
  "keys.manage": { merchant: "no", support: "no", admin: "any", link: "no", key: null },
  "people.manage": { merchant: "no", support: "no", admin: "any", link: "no", key: null },
  "audit.read": { merchant: "no", support: "no", admin: "any", link: "no", key: null },
} as const satisfies Record<string, Row>;

export type Operation = keyof typeof permissions;

/** What is acted on; an `offer` where it belongs to one. */
export type Target = { merchantId: string; id?: string; offer?: string };

/** How far an actor's right to an operation reaches. */
export function reach(actor: Actor, operation: Operation): Scope {
  const row: Row = permissions[operation];
  switch (actor.kind) {
    case "system":
      return "any";
    case "user":
      return row[actor.role];
    case "link":
      return row.link;
    case "key":
      if (row.key === null || !actor.scopes.includes(row.key)) return "no";
      return actor.merchantIds === null && actor.offers === null ? "any" : "own";
  }
}

/** Whether `authorize` lets it pass. Nobody is told of a no. */
export function may(actor: Actor, operation: Operation, object: Target): boolean {
  const scope = reach(actor, operation);
  return scope === "any" || actor.kind === "system" || (scope === "own" && isOwn(actor, object));
}

/**
 * Throws where the actor may not. On an object: 404 when it is another merchant's, exactly as if it were not there.
 * Without one: 403 when the role lacks the operation altogether. A key without the scope gets 403 either way.
 */
export function authorize(actor: Actor, operation: Operation, object?: Target): void {
  const scope = reach(actor, operation);
  if (scope === "any" || actor.kind === "system") return;
  const foreign = object !== undefined && !isOwn(actor, object) && !(actor.kind === "key" && scope === "no");
  if (!foreign && scope === "own") return;
  refused({ actor, operation, object, status: foreign ? 404 : 403 });
  throw foreign ? notFound() : forbidden();
}

function isOwn(actor: Exclude<Actor, { kind: "system" }>, { merchantId, id, offer }: Target): boolean {
  if (actor.kind === "key") {
    const ours = actor.merchantIds === null || actor.merchantIds.includes(merchantId);
    return ours && (actor.offers === null || offer === undefined || actor.offers.includes(offer));
  }
  if (!actor.merchants.some((merchant) => merchant.id === merchantId)) return false;
  if (actor.kind !== "link") return true;
  if (actor.offer !== null && offer !== undefined && actor.offer !== offer) return false;
  // A link is no way to look at what else its merchant has.
  return id === undefined || id === actor.connectionId || id === actor.resultId;
}
