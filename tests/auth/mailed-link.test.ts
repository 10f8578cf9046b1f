import { sql } from "drizzle-orm";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { GET, HEAD, POST } from "@/app/api/auth/[...nextauth]/route";
import { database } from "@/db/client";
import { countSignInLinks } from "@/db/sign-in-links";
import { askForLink } from "@/lib/auth/ask-for-link";
import { findActor } from "@/lib/auth/find-actor";
import { withClientAddress } from "@/lib/client-address";
import { settled } from "@/lib/in-flight";
import { useDatabase } from "@/tests/support/database";
import type { NextWorld } from "./next-world";
import { emptyPeople, makePerson, moveClock, resetClock } from "./people";
import { setEnv, useEnv } from "./set-env";

const world = await vi.hoisted(async () => {
  const { NextWorld } = await import("./next-world");
  return new NextWorld() as NextWorld;
});
vi.mock("next/headers", () => world.modules.headers);
vi.mock("next/server", async (original) => ({ ...(await original<typeof import("next/server")>()), after: world.modules.after }));

useEnv();
useDatabase();

const params = { params: Promise.resolve({ nextauth: ["callback", "email"] }) };
const post = async (form: Record<string, string>, headers: Record<string, string> = {}) =>
  world.take(await POST(world.request("/api/auth/callback/email", { form, headers }), params));

/** Everything that the server printed while `work` ran. */
async function printed(work: () => Promise<unknown>): Promise<string> {
  let text = "";
  const spy = vi.spyOn(process.stdout, "write").mockImplementation((chunk) => {
    text += String(chunk);
    return true;
  });
  await work().finally(() => spy.mockRestore());
  return text;
}

async function linkFor(email: string, to = "/"): Promise<{ url: URL; form: { email: string; token: string; to: string } }> {
  const text = await printed(async () => {
    expect(await askForLink({ email, to })).toBe("sent");
    await world.runAfter();
  });
  const url = new URL(/http:\/\/localhost:3000\/sign-in\/link\?\S+/.exec(text)?.[0] ?? "");
  const query = (name: string) => url.searchParams.get(name) ?? "";
  return { url, form: { email: query("email"), token: query("token"), to: query("to") } };
}

const sessionOf = () => findActor(world.jar.get("latchkey.session"));

beforeEach(async () => {
  world.forget();
  await emptyPeople();
  await resetClock();
  setEnv({ LATCHKEY_ADMINS: undefined, LATCHKEY_SIGNUP: undefined });
  await makePerson("amal@company.example");
});

describe("a mailed link", () => {
  test("signs in once, by its button only, and leads back", async () => {
    const { form, url } = await linkFor(" Amal@Company.example ", "/people?q=1");
    expect(url.pathname).toBe("/sign-in/link");
    for (const method of ["GET", "HEAD"]) {
      const query = new URLSearchParams(form);
      const handler = method === "GET" ? GET : HEAD;
      const looked = await handler(world.request(`/api/auth/callback/email?${query}`, { method }), params);
      expect([looked.status, looked.headers.get("allow")]).toEqual([405, "POST"]);
    }
    const used = await post(form);
    expect([used.status, used.headers.get("location")]).toEqual([303, "http://localhost:3000/people?q=1"]);
    expect(used.headers.get("cache-control")).toBe("no-store");
    expect(await sessionOf()).toMatchObject({ email: "amal@company.example", role: "admin" });

    world.forget();
    const again = await post(form);
    expect(again.headers.get("location")).toBe("http://localhost:3000/sign-in?notice=link_used&to=%2Fpeople%3Fq%3D1");
    expect(await sessionOf()).toBeNull();
  });

  test("S-102 a sign-in, and one that a used link refuses, are told of with whom and from where", async () => {
    const { form } = await linkFor("amal@company.example");
    await withClientAddress("198.51.100.77", async () => {
      await post(form);
      await post(form);
    });
    await settled(5_000);
    const told = await database().execute(
      sql`select kind, actor_address as at, facts ->> 'email' as email, facts ->> 'why' as why from events
        where actor_address = '198.51.100.77' order by id`,
    );
    expect(told.rows).toEqual([
      { kind: "person.signed_in", at: "198.51.100.77", email: "amal@company.example", why: null },
      { kind: "person.sign_in_refused", at: "198.51.100.77", email: null, why: "link" },
    ]);
  });

  test("the database holds only hashes, of the link and of the session", async () => {
    const { form } = await linkFor("amal@company.example");
    const links = JSON.stringify((await database().execute(sql`select * from verification_tokens`)).rows);
    expect(links).not.toContain(form.token);
    await post(form);
    const sessions = JSON.stringify((await database().execute(sql`select * from sessions`)).rows);
    expect(sessions).not.toContain(world.jar.get("latchkey.session"));
  });

  test("the session's cookie is HttpOnly and Lax, and new at each sign-in; the one before it is dead", async () => {
    const first = await POST(world.request("/api/auth/callback/email", { form: (await linkFor("amal@company.example")).form }), params);
    const cookie = first.headers.getSetCookie().find((line) => line.startsWith("latchkey.session="));
    expect(cookie).toMatch(/; Path=\/;/);
    expect(cookie).toMatch(/; HttpOnly/);
    expect(cookie).toMatch(/; SameSite=Lax/i);
    world.take(first);
    const before = world.jar.get("latchkey.session");
    await post((await linkFor("amal@company.example")).form);
    expect(world.jar.get("latchkey.session")).not.toBe(before);
    expect(await findActor(before)).toBeNull();
    expect(await sessionOf()).toMatchObject({ email: "amal@company.example" });
  });

  test("a planted session cookie is not adopted", async () => {
    world.jar.set("latchkey.session", "planted-by-somebody-else");
    await post((await linkFor("amal@company.example")).form);
    expect(world.jar.get("latchkey.session")).not.toBe("planted-by-somebody-else");
  });

  test("expired and altered links are refused", async () => {
    const { form } = await linkFor("amal@company.example");
    await makePerson("badr@company.example");
    const used = "http://localhost:3000/sign-in?notice=link_used";
    expect((await post({ ...form, token: `${form.token.slice(0, -1)}x` })).headers.get("location")).toBe(used);
    expect((await post({ ...form, email: "badr@company.example" })).headers.get("location")).toBe(used);
    expect((await post({ ...form, token: "" })).headers.get("location")).toBe(used);
    await moveClock("15 minutes 1 second");
    expect((await post(form)).headers.get("location")).toBe(used);
    expect(await sessionOf()).toBeNull();
  });

  test.each([
    ["a foreign origin", { origin: "https://evil.example" }],
    ["a sandboxed frame", { origin: "null" }],
    ["a sibling", { origin: "http://localhost:3001" }],
    ["a forged proxy header", { origin: "https://evil.example", "x-forwarded-host": "evil.example" }],
  ])("a POST from %s spends nothing", async (_name, headers) => {
    const { form } = await linkFor("amal@company.example");
    expect((await post(form, headers)).status).toBe(403);
    expect((await post(form)).headers.get("location")).toBe("http://localhost:3000/");
  });

  test("its own return path cannot leave this host", async () => {
    const { form } = await linkFor("amal@company.example", "//evil.example");
    expect(form.to).toBe("");
    expect((await post({ ...form, to: "https://evil.example/" })).headers.get("location")).toBe("http://localhost:3000/");
  });

  test("ten clicks at once sign in once", async () => {
    const { form } = await linkFor("amal@company.example");
    const answers = await Promise.all(Array.from({ length: 10 }, () => POST(world.request("/api/auth/callback/email", { form }), params)));
    expect(answers.filter((answer) => answer.headers.get("location") === "http://localhost:3000/")).toHaveLength(1);
  });
});

describe("asking for a link", () => {
  test("is answered alike for strangers, who get nothing", async () => {
    const text = await printed(async () => {
      expect(await askForLink({ email: "stranger@elsewhere.example", to: "/" })).toBe("sent");
      await world.runAfter();
    });
    expect(text).not.toContain("/sign-in/link");
    expect(await askForLink({ email: "no address", to: "/" })).toBe("not_an_address");
  });

  test("five links of one address are enough", async () => {
    const ask = () => askForLink({ email: "amal@company.example", to: "/" });
    for (let count = 0; count < 7; count++) await printed(async () => [await ask(), await world.runAfter()]);
    expect(await countSignInLinks(database(), "amal@company.example")).toBe(5);
    await moveClock("16 minutes");
    const { form } = await linkFor("amal@company.example");
    expect((await post(form)).headers.get("location")).toBe("http://localhost:3000/");
  });

  test("without SMTP a production server offers no link, and prints none", async () => {
    vi.stubEnv("NODE_ENV", "production");
    setEnv({});
    expect(await printed(async () => expect(await askForLink({ email: "amal@company.example", to: "/" })).toBe("no_mail"))).toBe("");
    vi.unstubAllEnvs();
    setEnv({});
  });

  test("a configured admin becomes one by the first link", async () => {
    setEnv({ LATCHKEY_ADMINS: "Root@company.example" });
    await post((await linkFor("root@company.example")).form);
    expect(await sessionOf()).toMatchObject({ email: "root@company.example", role: "admin" });
  });

  test("a person disabled after the link was mailed stays outside", async () => {
    const { form } = await linkFor("amal@company.example");
    await database().execute(sql`update users set disabled_at = app_now()`);
    expect((await post(form)).headers.get("location")).toBe("http://localhost:3000/sign-in?notice=no_access");
    expect(await sessionOf()).toBeNull();
  });
});

test("next-auth's other endpoints are not offered", async () => {
  for (const path of [
    "session",
    "csrf",
    "providers",
    "signin",
    "signin/email",
    "signout",
    "error",
    "callback/credentials",
    "callback/nodemailer",
  ]) {
    const context = { params: Promise.resolve({ nextauth: path.split("/") }) };
    expect((await GET(world.request(`/api/auth/${path}`), context)).status).toBe(404);
    expect((await POST(world.request(`/api/auth/${path}`, { form: {} }), context)).status).toBe(404);
  }
});
