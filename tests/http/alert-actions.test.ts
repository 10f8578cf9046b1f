import { sql } from "drizzle-orm";
import { beforeEach, describe, expect, test, vi } from "vitest";
import * as actions from "@/app/(admin)/alerts/actions";
import { mailAction } from "@/app/settings/mail/actions";
import { database } from "@/db/client";
import { findUser } from "@/db/users";
import { everyKind } from "@/lib/alerts/alert-kinds";
import { unsubscribeToken } from "@/lib/mail/unsubscribe-token";
import type { NextWorld } from "@/tests/auth/next-world";
import { emptyPeople, makeMerchant, makePerson } from "@/tests/auth/people";
import { useEnv } from "@/tests/auth/set-env";
import { useDatabase } from "@/tests/support/database";
import { formOf, led } from "./actions";

const next = await vi.hoisted(async () => {
  const { NextWorld } = await import("@/tests/auth/next-world");
  return new NextWorld() as NextWorld;
});
vi.mock("next/headers", () => next.modules.headers);

// What next.config.mjs switches on.
useEnv({ __NEXT_EXPERIMENTAL_AUTH_INTERRUPTS: "true" });
useDatabase();

const plain = {
  rules: actions.rulesAction,
  remove: actions.removeAction,
  enable: actions.enableAction,
  test: actions.testAction,
  again: actions.againAction,
  add: (form: FormData) => actions.addAction({ answer: 0, told: null, secret: null, error: null, values: null }, form),
  rotate: (form: FormData) => actions.rotateAction(null, form),
};
const filled = () => {
  const numbers = Object.fromEntries(everyKind.map((kind) => [`threshold-${kind}`, "7"]));
  const destination = { kind: "webhook", address: "https://receiver.example", locale: "en" };
  return formOf({ destinationId: "dst_1", deliveryId: "msg_1", ...destination, ...numbers });
};
const written = async () =>
  (
    await database().execute(
      sql`select id from alert_destinations union all select id from deliveries union all select id::text from events`,
    )
  ).rows;

beforeEach(async () => {
  next.forget();
  await emptyPeople();
});

describe.each(Object.entries(plain))("the action %s of the page of alerts", (_name, act) => {
  test.each(["support", "member"] as const)("is refused to %s", async (role) => {
    const merchantId = role === "member" ? await makeMerchant() : null;
    next.jar.set("latchkey.session", (await makePerson(`${role}@company.example`, role, merchantId)).token);
    await expect(act(filled())).rejects.toThrow("NEXT_HTTP_ERROR_FALLBACK;403");
    expect(await written()).toEqual([]);
  });

  test("is refused to an admin whose form is another site's", async () => {
    next.jar.set("latchkey.session", (await makePerson("omar@company.example")).token);
    next.headers.origin = "https://evil.test";
    await expect(act(filled())).rejects.toThrow("NEXT_HTTP_ERROR_FALLBACK;403");
    expect(await written()).toEqual([]);
  });
});

test("what is not there is told on the page", async () => {
  next.jar.set("latchkey.session", (await makePerson("omar@company.example")).token);
  for (const act of [actions.rulesAction, actions.removeAction, actions.enableAction, actions.testAction, actions.againAction])
    expect(await led(act(filled()))).toBe("/alerts?problem=not_found");
});

describe("the choice of mails", () => {
  test("by a mail's link, without signing in, and back to that link", async () => {
    const { id } = await makePerson("mona@merchant.example", "member", await makeMerchant());
    const token = unsubscribeToken(id, "store_needs_you");
    const to = await led(mailAction(formOf({ token, kind: "store_needs_you", wanted: "no" })));
    expect(to).toBe(`/settings/mail?${new URLSearchParams({ token, done: "stopped" })}`);
    expect((await findUser(database(), id))?.unsubscribed).toEqual(["store_needs_you"]);
    await expect(mailAction(formOf({ token, kind: "store_still_needs_you", wanted: "no" }))).rejects.toThrow(
      "NEXT_HTTP_ERROR_FALLBACK;404",
    );
  });

  test("else only to whoever is signed in, about their own, and never from another site", async () => {
    const { id, token } = await makePerson("mona@merchant.example", "member", await makeMerchant());
    const form = formOf({ token: "none", kind: "store_needs_you", wanted: "no" });
    expect(await led(mailAction(form))).toMatch(/^\/sign-in/);
    next.jar.set("latchkey.session", token);
    next.headers.origin = "https://evil.test";
    await expect(mailAction(form)).rejects.toThrow("NEXT_HTTP_ERROR_FALLBACK;403");
    expect((await findUser(database(), id))?.unsubscribed).toEqual([]);
    next.headers.origin = "http://localhost:3000";
    await led(mailAction(form));
    expect((await findUser(database(), id))?.unsubscribed).toEqual(["store_needs_you"]);
  });
});
