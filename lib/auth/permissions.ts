import { forbidden, notFound } from "@/lib/errors";
import type { Actor } from "./actor";
import { refused } from "./refusals";

type Scope = "own" | "any" | "no";
type Row = Record<"merchant" | "support" | "admin", Scope>;

/** Who may do what: `own`, on their own merchant's objects; `any`, on everybody's. The worker may do everything. */
export const permissions = {
  "connection.list": { merchant: "own", support: "any", admin: "any" },
  "connection.read": { merchant: "own", support: "any", admin: "any" },
  "connection.connect": { merchant: "own", support: "no", admin: "no" },
  "connection.test": { merchant: "own", support: "any", admin: "any" },
  "connection.renew": { merchant: "own", support: "any", admin: "any" },
  "connection.disconnect": { merchant: "own", support: "no", admin: "no" },
  "connection.revoke": { merchant: "no", support: "any", admin: "any" },
  "connection.import": { merchant: "no", support: "no", admin: "any" },
  "support.search": { merchant: "no", support: "any", admin: "any" },
  "bulk.run": { merchant: "no", support: "any", admin: "any" },
  "health.read": { merchant: "no", support: "no", admin: "any" },
  "alerts.manage": { merchant: "no", support: "no", admin: "any" },
  "providers.manage": { merchant: "no", support: "no", admin: "any" },
  "people.manage": { merchant: "no", support: "no", admin: "any" },
  "audit.read": { merchant: "no", support: "no", admin: "any" },
} as const satisfies Record<string, Row>;

export type Operation = keyof typeof permissions;

/** How far an actor's right to an operation reaches. */
export function reach(actor: Actor, operation: Operation): Scope {
  return actor.kind === "system" ? "any" : permissions[operation][actor.role];
}

/**
 * Throws where the actor may not. On an object: 404 when it is another merchant's, exactly as if it were not there.
 * Without one: 403 when the role lacks the operation altogether.
 */
export function authorize(actor: Actor, operation: Operation, object?: { merchantId: string; id?: string }): void {
  const scope = reach(actor, operation);
  if (scope === "any" || actor.kind === "system") return;
  const foreign = object !== undefined && !actor.merchants.some((merchant) => merchant.id === object.merchantId);
  if (!foreign && scope === "own") return;
  refused({ actor, operation, object, status: foreign ? 404 : 403 });
  throw foreign ? notFound() : forbidden();
}
