import { describe, expect, test } from "vitest";
import type { KeyScope } from "@/db/api-tables";
import type { Actor, KeyActor, LinkActor, UserActor } from "@/lib/auth/actor";
import { worker } from "@/lib/auth/actor";
import { authorize, type Operation, permissions, reach, type Target } from "@/lib/auth/permissions";

const roles = ["merchant", "support", "admin"] as const;
const operations = Object.keys(permissions) as Operation[];

/**
 * What each role may do, written out once more: merchant, support, admin, whoever came by a link: o own, a everybody's, - nothing; then the
 * scope of a key that may. An operation missing here fails.
 */
const expected: Record<Operation, string> = {
  "connection.list": "oaa- connections:read",
  "connection.read": "oaao connections:read",
  "connection.connect": "o--o",
  "connection.test": "oaa- connections:write",
  "connection.renew": "oaa- connections:write",
  "connection.disconnect": "o---",
  "connection.revoke": "-aa- connections:write",
  "connection.import": "--a- connections:write",
  "access.read": "---- access:read",
  "access.report": "---- access:read",
  "credentials.read": "---- credentials:read",
  "proxy.call": "---- proxy",
  "caller.pause": "oaa-",
  "link.create": "-aa- links:create",
  "provider.list": "oaao connections:read",
  "merchant.list": "-aa- connections:read",
  "merchant.create": "--a- connections:write",
  "event.list": "---- connections:read",
  "support.search": "-aa-",
  "bulk.run": "-aa-",
  "health.read": "--a-",
  "alerts.manage": "--a-",
  "providers.manage": "--a-",
  "keys.manage": "--a-",
  "people.manage": "--a-",
  "audit.read": "--a-",
};
const scopes: KeyScope[] = ["access:read", "connections:read", "connections:write", "links:create", "proxy", "credentials:read"];

const actor = (role: UserActor["role"]): UserActor => ({
  kind: "user",
  id: "usr_1",
  name: "Amal",
  email: "amal@company.example",
  role,
  merchants: role === "merchant" ? [{ id: "mer_own", name: "Own" }] : [],
  signedInAt: new Date(0),
});
const link: LinkActor = {
  kind: "link",
  id: "lnk_1",
  name: "Own",
  merchants: [{ id: "mer_own", name: "Own" }],
  offer: null,
  connectionId: "con_1",
  resultId: null,
  closed: null,
};
const key = (of: readonly KeyScope[], limits: Partial<KeyActor> = {}): KeyActor => ({
  kind: "key",
  id: "key_1",
  name: "orders-sync",
  scopes: of,
  merchantIds: null,
  offers: null,
  ...limits,
});

/** The status that authorize() refuses with, or 200. */
function status(who: Actor, operation: Operation, object?: Target): number {
  try {
    authorize(who, operation, object);
    return 200;
  } catch (error) {
    return (error as { status: number }).status;
  }
}
const foreign = { merchantId: "mer_foreign" };
const own = { merchantId: "mer_own" };

test("the table holds every operation", () => {
  expect(Object.keys(expected).sort()).toEqual([...operations].sort());
});

describe.each(operations)("%s", (operation) => {
  const [letters = "", scope] = expected[operation].split(" ");

  test.each(roles)("as %s", (role) => {
    const may = letters[roles.indexOf(role)];
    const who = actor(role);
    const any = may === "a" ? 200 : null;
    // Another merchant's object looks exactly like none, whatever the role may do with its own.
    expect(status(who, operation, foreign)).toBe(any ?? 404);
    expect(status(who, operation)).toBe(any ?? (may === "o" ? 200 : 403));
    expect(status(who, operation, own)).toBe(role === "merchant" ? (may === "-" ? 403 : 200) : (any ?? 404));
  });

  test("by a link: its own merchant, and of its connections the one that it is for", () => {
    const may = letters[3] === "o" ? 200 : 403;
    expect(status(link, operation)).toBe(may);
    expect(status(link, operation, own)).toBe(may);
    expect(status(link, operation, { ...own, id: "con_1" })).toBe(may);
    expect(status(link, operation, { ...own, id: "con_2" })).toBe(404);
    expect(status({ ...link, connectionId: null }, operation, { ...own, id: "con_2" })).toBe(404);
    expect(status({ ...link, resultId: "con_2" }, operation, { ...own, id: "con_2" })).toBe(may);
    expect(status({ ...link, offer: "square" }, operation, { ...own, offer: "square" })).toBe(may);
    expect(status({ ...link, offer: "square" }, operation, { ...own, offer: "noon" })).toBe(404);
    expect(status(link, operation, foreign)).toBe(404);
  });

  test("by a key: with the one scope, on its merchants and platforms", () => {
    for (const one of scopes) {
      const may = one === scope ? 200 : 403;
      expect(status(key([one]), operation, foreign), one).toBe(may);
      expect(status(key([one]), operation), one).toBe(may);
    }
    const all = key(scope ? [scope as KeyScope] : scopes, { merchantIds: ["mer_own"], offers: ["square"] });
    const may = scope ? 200 : 403;
    expect(status(all, operation, own)).toBe(may);
    expect(status(all, operation, { ...own, offer: "square" })).toBe(may);
    expect(status(all, operation, { ...own, offer: "noon" })).toBe(scope ? 404 : 403);
    expect(status(all, operation, foreign)).toBe(scope ? 404 : 403);
    expect(status(key([]), operation, own)).toBe(403);
  });

  test("the worker may", () => {
    expect(reach(worker, operation)).toBe("any");
  });
});
