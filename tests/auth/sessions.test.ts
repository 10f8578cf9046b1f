import { sql } from "drizzle-orm";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { database, transaction } from "@/db/client";
import { replaceMemberships } from "@/db/memberships";
import type { Role } from "@/db/schema";
import { findActor } from "@/lib/auth/find-actor";
import { currentActor, requireActor } from "@/lib/auth/session";
import { signOut } from "@/lib/auth/sign-out";
import { changeRole } from "@/lib/people/change-role";
import { setPersonDisabled } from "@/lib/people/set-person-disabled";
import { useDatabase } from "@/tests/support/database";
import type { NextWorld } from "./next-world";
import { asActor, emptyPeople, makeMerchant, makePerson, moveClock, resetClock } from "./people";
import { useEnv } from "./set-env";

const world = await vi.hoisted(async () => {
  const { NextWorld } = await import("./next-world");
  return new NextWorld() as NextWorld;
});
vi.mock("next/headers", () => world.modules.headers);

useEnv();
useDatabase();

let merchant: string;

beforeEach(async () => {
  world.forget();
  await emptyPeople();
  await resetClock();
  merchant = await makeMerchant();
});

const digest = async (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error: unknown) => (error as { digest?: string }).digest,
  );

describe("a session", () => {
  test("is its person as the database knows them now", async () => {
    const { id, token } = await makePerson("amal@company.example", "member", merchant);
    expect(await findActor(token)).toMatchObject({ id, role: "merchant", merchants: [{ id: merchant, name: "Nile Books" }] });
    await transaction((tx) => replaceMemberships(tx, id, "support", null));
    expect(await findActor(token)).toMatchObject({ role: "support", merchants: [] });
  });

  test("unknown tokens and the stored hash itself are nobody", async () => {
    await makePerson("amal@company.example");
    const stored = await database().execute<{ token_hash: string }>(sql`select token_hash from sessions`);
    for (const token of [undefined, "", "guess", stored.rows[0]?.token_hash]) expect(await findActor(token)).toBeNull();
  });

  test("of a person whose role we do not know allows nothing", async () => {
    const { token } = await makePerson("amal@company.example", "owner" as Role);
    expect(await findActor(token)).toBe("no_role");
  });

  test("a demotion acts on the next request", async () => {
    await makePerson("other@company.example");
    const { id, token } = await makePerson("amal@company.example");
    world.jar.set("latchkey.session", token);
    expect(await requireActor("people.manage")).toMatchObject({ role: "admin" });
    await changeRole(asActor("usr_other"), { userId: id, role: "merchant", merchantId: merchant });
    vi.stubEnv("__NEXT_EXPERIMENTAL_AUTH_INTERRUPTS", "1");
    expect(await digest(requireActor("people.manage"))).toBe("NEXT_HTTP_ERROR_FALLBACK;403");
    vi.unstubAllEnvs();
    expect(await requireActor("connection.list")).toMatchObject({ role: "merchant" });
  });

  test("a disabled person's session is dead, and stays dead when the person is enabled again", async () => {
    await makePerson("other@company.example");
    const { id, token } = await makePerson("amal@company.example");
    await setPersonDisabled(asActor("usr_other"), { userId: id, disabled: true });
    expect(await findActor(token)).toBeNull();
    await setPersonDisabled(asActor("usr_other"), { userId: id, disabled: false });
    expect(await findActor(token)).toBeNull();
  });

  test("disabled by hand in the database, too", async () => {
    const { token } = await makePerson("amal@company.example");
    await database().execute(sql`update users set disabled_at = app_now()`);
    expect(await findActor(token)).toBeNull();
  });

  test("signing out ends a copied cookie as well", async () => {
    const { token } = await makePerson("amal@company.example");
    world.jar.set("latchkey.session", token);
    expect(await currentActor()).toMatchObject({ email: "amal@company.example" });
    await signOut();
    expect(world.jar.has("latchkey.session")).toBe(false);
    expect(await findActor(token)).toBeNull();
  });
});

describe("its life, by the database's clock", () => {
  const steps = async (token: string, step: string, times: number) => {
    for (let count = 0; count < times; count++) {
      await moveClock(step);
      await findActor(token);
    }
  };

  test.each([
    ["member", "13 days 23 hours", "14 days 1 minute"],
    ["support", "11 hours 59 minutes", "12 hours 1 minute"],
    ["admin", "11 hours 59 minutes", "12 hours 1 minute"],
  ] as const)("idle, as %s: %s is not too long, %s is", async (role, fine, tooLong) => {
    const { token } = await makePerson("amal@company.example", role, role === "member" ? merchant : null);
    await moveClock(fine);
    expect(await findActor(token)).toMatchObject({ email: "amal@company.example" });
    await moveClock(tooLong);
    expect(await findActor(token)).toBeNull();
  });

  test.each([
    ["member", "10 days", 2, "10 days 1 minute"],
    ["support", "8 hours", 2, "8 hours 1 minute"],
    ["admin", "8 hours", 2, "8 hours 1 minute"],
  ] as const)("absolute, as %s: used all the time and ended nevertheless", async (role, step, times, last) => {
    const { token } = await makePerson("amal@company.example", role, role === "member" ? merchant : null);
    await steps(token, step, times);
    expect(await findActor(token)).toMatchObject({ email: "amal@company.example" });
    await moveClock(last);
    expect(await findActor(token)).toBeNull();
  });

  test("a promotion shortens it", async () => {
    const { id, token } = await makePerson("amal@company.example", "member", merchant);
    await steps(token, "2 days", 1);
    await transaction((tx) => replaceMemberships(tx, id, "admin", null));
    expect(await findActor(token)).toBeNull();
  });
});

describe("requireActor", () => {
  test("sends a visitor to sign in and back", async () => {
    world.headers["x-latchkey-path"] = "/connections?state=needs_you";
    expect(await digest(requireActor())).toMatch(/^NEXT_REDIRECT;replace;\/sign-in\?to=%2Fconnections%3Fstate%3Dneeds_you;307;$/);
    world.headers["x-latchkey-path"] = "//evil.example";
    expect(await digest(requireActor())).toMatch(/;\/sign-in;307;$/);
  });

  test("says that a session has ended", async () => {
    world.jar.set("latchkey.session", "of-yesterday");
    world.headers["x-latchkey-path"] = "/health";
    expect(await digest(requireActor())).toMatch(/;\/sign-in\?to=%2Fhealth&notice=expired;307;$/);
  });

  test("tells a person without a role so, instead of going round in circles", async () => {
    world.jar.set("latchkey.session", (await makePerson("amal@company.example", null)).token);
    expect(await digest(requireActor())).toMatch(/;\/sign-in\?notice=no_access;307;$/);
    expect(await currentActor()).toBeNull();
  });
});
