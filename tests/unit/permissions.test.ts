import { describe, expect, test } from "vitest";
import type { UserActor } from "@/lib/auth/actor";
import { worker } from "@/lib/auth/actor";
import { authorize, type Operation, permissions, reach } from "@/lib/auth/permissions";

const roles = ["merchant", "support", "admin"] as const;
const operations = Object.keys(permissions) as Operation[];

/** What each role may do, written out once more: o own, a everybody's, - nothing. An operation missing here fails. */
const expected: Record<Operation, string> = {
  "connection.list": "oaa",
  "connection.read": "oaa",
  "connection.connect": "o--",
  "connection.test": "oaa",
  "connection.renew": "oaa",
  "connection.disconnect": "o--",
  "connection.revoke": "-aa",
  "connection.import": "--a",
  "support.search": "-aa",
  "bulk.run": "-aa",
  "health.read": "--a",
  "alerts.manage": "--a",
  "providers.manage": "--a",
  "people.manage": "--a",
  "audit.read": "--a",
};

const actor = (role: UserActor["role"]): UserActor => ({
  kind: "user",
  id: "usr_1",
  name: "Amal",
  email: "amal@company.example",
  role,
  merchants: role === "merchant" ? [{ id: "mer_own", name: "Own" }] : [],
  signedInAt: new Date(0),
});

/** The status that authorize() refuses with, or 200. */
function status(who: UserActor, operation: Operation, merchantId?: string): number {
  try {
    authorize(who, operation, merchantId === undefined ? undefined : { merchantId });
    return 200;
  } catch (error) {
    return (error as { status: number }).status;
  }
}

test("the table holds every operation", () => {
  expect(Object.keys(expected).sort()).toEqual([...operations].sort());
});

describe.each(operations)("%s", (operation) => {
  test.each(roles)("as %s", (role) => {
    const may = expected[operation][roles.indexOf(role)];
    const who = actor(role);
    const any = may === "a" ? 200 : null;
    // Another merchant's object looks exactly like none, whatever the role may do with its own.
    expect(status(who, operation, "mer_foreign")).toBe(any ?? 404);
    expect(status(who, operation)).toBe(any ?? (may === "o" ? 200 : 403));
    const own = role === "merchant" ? (may === "-" ? 403 : 200) : (any ?? 404);
    expect(status(who, operation, "mer_own")).toBe(own);
  });

  test("the worker may", () => {
    expect(reach(worker, operation)).toBe("any");
  });
});
