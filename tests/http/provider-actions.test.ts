import { sql } from "drizzle-orm";
import { beforeEach, describe, expect, test, vi } from "vitest";
import * as actions from "@/app/(admin)/providers/actions";
import * as forms from "@/app/(admin)/providers/form-action";
import { GET as callback } from "@/app/api/oauth/[provider]/callback/route";
import { POST as start } from "@/app/api/oauth/[provider]/start/route";
import { database } from "@/db/client";
import { findTry } from "@/db/offer-tries";
import type { NextWorld } from "@/tests/auth/next-world";
import { emptyPeople, makeMerchant, makePerson } from "@/tests/auth/people";
import { useEnv } from "@/tests/auth/set-env";
import { useDatabase } from "@/tests/support/database";
import { empty } from "@/tests/support/empty";
import { harborForm } from "@/tests/support/harbor";
import { approve } from "@/tests/support/journey";
import { BASE_URL, platforms } from "@/tests/support/platforms";
import { formOf, led } from "./actions";
import { destinationOf } from "./merchant-world";

const next = await vi.hoisted(async () => {
  const { NextWorld } = await import("@/tests/auth/next-world");
  return new NextWorld() as NextWorld;
});
vi.mock("next/headers", () => next.modules.headers);

useEnv({ __NEXT_EXPERIMENTAL_AUTH_INTERRUPTS: "true", LATCHKEY_URL: BASE_URL });
useDatabase();
const at = platforms();

const before = { answer: 0, errors: [], values: {}, told: null, findings: [] };
const harbor = harborForm({ clientId: "latchkey-client", clientSecret: "CNRY-typed", issuer: "https://harbor.test" });
const each = {
  pause: actions.pauseAction,
  resume: actions.resumeAction,
  publish: actions.publishAction,
  unpublish: actions.unpublishAction,
  addSecret: actions.addSecretAction,
  switchSecret: actions.switchSecretAction,
  retireSecret: actions.retireSecretAction,
  delete: actions.deleteAction,
  create: (form: FormData) => forms.createAction(before, form),
  edit: (form: FormData) => forms.editAction(before, form),
};
const filled = () => formOf({ ...harbor, slug: "square", reason: "Outage", hours: "4", secretId: "sec_1", typed: "Square" });
const written = async () =>
  (await database().execute(sql`select slug from offers union all select offer from offer_pauses union all select id::text from events`))
    .rows;

const signIn = async (role: "admin" | "support" | "member") => {
  const { token } = await makePerson(`${role}@company.example`, role, role === "member" ? await makeMerchant() : null);
  for (const name of ["latchkey.session", "__Host-latchkey.session"]) next.jar.set(name, token);
};

beforeEach(async () => {
  next.forget();
  next.headers = { host: "latchkey.test", origin: BASE_URL };
  Object.assign(globalThis, { latchkeyFetch: at.fetch });
  await emptyPeople();
  await empty("offers", "offer_pauses", "offer_tries");
});

describe.each(Object.entries(each))("the action %s of the platforms' pages", (_name, act) => {
  test.each(["support", "member"] as const)("is refused to %s", async (role) => {
    await signIn(role);
    await expect(act(filled())).rejects.toThrow("NEXT_HTTP_ERROR_FALLBACK;403");
    expect(await written()).toEqual([]);
  });

  test("is refused to an admin whose form is another site's", async () => {
    await signIn("admin");
    next.headers.origin = "https://evil.test";
    await expect(act(filled())).rejects.toThrow("NEXT_HTTP_ERROR_FALLBACK;403");
    expect(await written()).toEqual([]);
  });
});

test("what stands against an act is told on its page", async () => {
  await signIn("admin");
  expect(await led(actions.pauseAction(formOf({ slug: "square", reason: "", hours: "4" })))).toBe("/providers/square?problem=reason");
  expect(await led(actions.publishAction(formOf({ slug: "nothing" })))).toBe("/providers/nothing?problem=not_found");
  expect(await led(actions.deleteAction(formOf({ slug: "../x", typed: "" })))).toBe("/providers/..%2Fx/delete?problem=not_found");
  // No address that is longer than the head of an answer may be.
  expect((await led(actions.deleteAction(formOf({ slug: "ا".repeat(20_000), typed: "" })))).length).toBeLessThan(2_000);
});

test("A10: the form leads to the draft that came of it", async () => {
  await signIn("admin");
  expect(await led(forms.createAction(before, formOf(harbor)))).toBe("/providers/harbor?done=created");
  expect(await led(forms.editAction(before, formOf({ ...harbor, name: "Harbor II" })))).toBe("/providers/harbor?done=edited");
});

describe("a dry run", () => {
  const begin = () => start(next.request("/api/oauth/square/start", { method: "POST", form: { try: "1" } }), context);
  const context = { params: Promise.resolve({ provider: "square" }) };

  test("200, then 303 to its own page: the code is kept and nothing is sent", async () => {
    await signIn("admin");
    const answer = next.take(await begin());
    expect(answer.status).toBe(200);
    const query = await approve(at, "square", destinationOf(await answer.text()));
    const came = await callback(next.request(`/api/oauth/square/callback?${query}`), context);
    expect(came.status).toBe(303);
    const [, id = ""] = /^https:\/\/latchkey\.test\/providers\/square\/try\/(try_\w+)$/.exec(came.headers.get("location") ?? "") ?? [];
    expect(await findTry(database(), id)).toMatchObject({ status: "answered", steps: [], access: null });
    expect(at.simulators.square.ledger.calls.filter(({ name }) => /token/.test(name))).toEqual([]);
  });

  test.each(["support", "member"] as const)("403 for %s", async (role) => {
    await signIn(role);
    expect((await begin()).status).toBe(403);
  });
});
