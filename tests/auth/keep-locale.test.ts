import { eq } from "drizzle-orm";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { POST } from "@/app/api/preferences/route";
import { database } from "@/db/client";
import { users } from "@/db/schema";
import { keepLocaleOfSignIn } from "@/lib/auth/keep-locale";
import { startSession } from "@/lib/auth/start-session";
import { useDatabase } from "@/tests/support/database";
import type { NextWorld } from "./next-world";
import { emptyPeople, makePerson } from "./people";
import { useEnv } from "./set-env";

const world = await vi.hoisted(async () => {
  const { NextWorld } = await import("./next-world");
  return new NextWorld() as NextWorld;
});
vi.mock("next/headers", () => world.modules.headers);

useEnv();
useDatabase();

let person = { id: "", token: "" };
const locale = async () => (await database().select({ locale: users.locale }).from(users).where(eq(users.id, person.id)))[0]?.locale;
const choose = (value: string, headers: Record<string, string> = {}) =>
  POST(world.request("/api/preferences", { form: { locale: value }, headers }));

beforeEach(async () => {
  world.forget();
  await emptyPeople();
  person = await makePerson("mona@merchant.example");
});

describe("the language that mails are written in", () => {
  test("is what the browser asks for at the first sign-in, and only then", async () => {
    world.headers["accept-language"] = "ar-SA,ar;q=0.9,en;q=0.5";
    await startSession(person.id);
    expect(await locale()).toBe("ar");
    world.headers["accept-language"] = "en-GB";
    await keepLocaleOfSignIn(person.id);
    expect(await locale()).toBe("ar");
  });

  test("is what was chosen in the browser that signs in", async () => {
    world.jar.set("latchkey-locale", "ar");
    world.headers["accept-language"] = "en-GB";
    await keepLocaleOfSignIn(person.id);
    expect(await locale()).toBe("ar");
    world.jar.set("latchkey-locale", "en");
    await keepLocaleOfSignIn(person.id);
    expect(await locale()).toBe("en");
  });

  test("is what somebody signed in chooses", async () => {
    world.jar.set("latchkey.session", person.token);
    for (const value of ["ar", "en"]) {
      expect((await choose(value)).status).toBe(303);
      expect(await locale()).toBe(value);
    }
  });

  test("is left alone by nobody in particular, an unknown language, and a form of another site", async () => {
    await choose("ar");
    expect(await locale()).toBeNull();
    world.jar.set("latchkey.session", "somebody-else");
    expect((await choose("ar")).status).toBe(303);
    world.jar.set("latchkey.session", person.token);
    await choose("fr");
    await choose("ar", { origin: "https://evil.example" });
    expect(await locale()).toBeNull();
  });
});
