import { afterAll, beforeEach, expect, test, vi } from "vitest";
import { GET } from "@/app/(admin)/audit/export/route";
import { removeAction } from "@/app/(admin)/people/actions";
import { database } from "@/db/client";
import { listEvents } from "@/db/event-lists";
import { recordRefusals } from "@/lib/audit/record-refusals";
import { hearRefusals } from "@/lib/auth/refusals";
import { withClientAddress } from "@/lib/client-address";
import { settled } from "@/lib/in-flight";
import type { NextWorld } from "@/tests/auth/next-world";
import { emptyPeople, makePerson } from "@/tests/auth/people";
import { useEnv } from "@/tests/auth/set-env";
import { useDatabase } from "@/tests/support/database";

const next = await vi.hoisted(async () => {
  const { NextWorld } = await import("@/tests/auth/next-world");
  return new NextWorld() as NextWorld;
});
vi.mock("next/headers", () => next.modules.headers);

// What next.config.mjs switches on.
useEnv({ __NEXT_EXPERIMENTAL_AUTH_INTERRUPTS: "true" });
useDatabase();

const any = { by: "all" as const, actorId: null, nouns: null, denied: null, about: null, from: null, until: null };
const told = async () => {
  await settled(5_000);
  return listEvents(database(), any, null, 10);
};
const signIn = async (role: "admin" | "support") => {
  const person = await makePerson(`${role}@company.example`, role);
  next.jar.set("latchkey.session", person.token);
  return person;
};
const download = (query = "") => GET(new Request(`http://localhost:3000/audit/export${query}`));

beforeEach(async () => {
  next.forget();
  await emptyPeople();
  recordRefusals();
});
afterAll(() => hearRefusals(() => undefined));

test("A14: an action and a download that are refused are told of, with whom and from where", async () => {
  const { id } = await signIn("support");
  const form = new FormData();
  form.set("userId", id);
  await withClientAddress("203.0.113.9", async () => {
    await expect(removeAction(form)).rejects.toThrow("NEXT_HTTP_ERROR_FALLBACK;403");
    await expect(download()).rejects.toThrow("NEXT_HTTP_ERROR_FALLBACK;403");
  });
  const rows = await told();
  expect(rows.map(({ kind, actorId, actorAddress, facts }) => [kind, actorId, actorAddress, facts])).toEqual(
    expect.arrayContaining([
      ["access.denied", id, "203.0.113.9", { operation: "people.manage", status: 403 }],
      ["access.denied", id, "203.0.113.9", { operation: "audit.read", status: 403 }],
    ]),
  );
  expect(rows).toHaveLength(2);
});

test("the file of the audit comes as one that is saved, is kept nowhere, and says in the audit that it was taken", async () => {
  const { id } = await signIn("admin");
  const answer = await download("?by=all&result=denied&event=7");
  expect(answer.headers.get("content-type")).toBe("text/csv; charset=utf-8");
  expect(answer.headers.get("content-disposition")).toMatch(/^attachment; filename="latchkey-audit-\d{4}-\d\d-\d\d\.csv"$/);
  expect(answer.headers.get("cache-control")).toBe("no-store");
  const bytes = new Uint8Array(await answer.arrayBuffer());
  expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
  expect((await told()).map(({ kind, actorId, facts }) => [kind, actorId, facts])).toEqual([
    ["audit.exported", id, { filter: "by=all&result=denied" }],
  ]);
});

test("whoever leaves in the middle ends the reading", async () => {
  await signIn("admin");
  const answer = await download("?by=all");
  await answer.body?.cancel();
  expect(await told()).toHaveLength(1);
});
