import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { GET, POST } from "@/app/api/auth/[...nextauth]/route";
import { database, transaction } from "@/db/client";
import { insertInvitation } from "@/db/invitations";
import { beginProviderSignIn, providerDestination } from "@/lib/auth/begin-provider-sign-in";
import { findActor } from "@/lib/auth/find-actor";
import { useDatabase } from "@/tests/support/database";
import { Issuer } from "./issuer";
import type { NextWorld } from "./next-world";
import { emptyPeople, makePerson } from "./people";
import { setEnv, useEnv } from "./set-env";

const world = await vi.hoisted(async () => {
  const { NextWorld } = await import("./next-world");
  return new NextWorld() as NextWorld;
});
vi.mock("next/headers", () => world.modules.headers);

useEnv({ OIDC_ISSUER: "https://id.company.example", OIDC_CLIENT_ID: "latchkey", OIDC_CLIENT_SECRET: "CNRY-client-secret" });
useDatabase();

const params = { params: Promise.resolve({ nextauth: ["callback", "oidc"] }) };
const badr = { sub: "248289761001", name: "Badr", email: "Badr@company.example", email_verified: true };
let issuer: Issuer;

beforeAll(async () => {
  issuer = await Issuer.at("https://id.company.example");
  vi.stubGlobal("fetch", issuer.handle);
});
afterAll(() => vi.unstubAllGlobals());

beforeEach(async () => {
  world.forget();
  issuer.asked.length = 0;
  await emptyPeople();
  setEnv({ OIDC_ISSUER: "https://id.company.example" });
});

const invite = (email: string) =>
  transaction((tx) => insertInvitation(tx, { email, role: "support", merchantId: null, invitedBy: "usr_x" }, 14));
const sessionOf = () => findActor(world.jar.get("latchkey.session"));

/** Through the whole flow in this browser; where it ends. */
async function signIn(person: Parameters<Issuer["consent"]>[1], to = "/", at: Issuer = issuer): Promise<string | null> {
  expect(await beginProviderSignIn({ to, again: false })).toBe("/sign-in/continue");
  const back = at.consent(String(await providerDestination()), person);
  return receive(back);
}

async function receive(back: URL): Promise<string | null> {
  const response = world.take(await GET(world.request(back.pathname + back.search), params));
  expect(response.status).toBe(303);
  return response.headers.get("location");
}

describe("signing in with the company's account", () => {
  test("accepts an invitation by the verified e-mail, and leads back", async () => {
    await invite("badr@company.example");
    expect(await signIn(badr, "/support?q=1")).toBe("http://localhost:3000/support?q=1");
    expect(await sessionOf()).toMatchObject({ name: "Badr", email: "badr@company.example", role: "support" });
    expect(issuer.asked).toContain("/userinfo");
  });

  test("keeps no token of the provider anywhere", async () => {
    await invite("badr@company.example");
    await signIn(badr);
    const tables = ["users", "accounts", "sessions", "events", "invitations", "verification_tokens"];
    for (const table of tables) {
      const rows = await database().execute(sql`select * from ${sql.identifier(table)}`);
      expect(JSON.stringify(rows.rows)).not.toContain("CNRY-");
    }
  });

  test("is a calm page for a stranger, and makes no user", async () => {
    expect(await signIn(badr)).toBe("http://localhost:3000/sign-in?notice=no_access");
    expect(await sessionOf()).toBeNull();
    expect((await database().execute(sql`select 1 from users`)).rows).toEqual([]);
  });

  test("an unverified e-mail is no proof", async () => {
    await invite("badr@company.example");
    for (const claim of [false, undefined, "true", 1]) {
      expect(await signIn({ ...badr, email_verified: claim })).toBe("http://localhost:3000/sign-in?notice=no_access");
    }
  });

  test("the e-mail of somebody who is here already does not open their account", async () => {
    await makePerson("badr@company.example", "support");
    expect(await signIn(badr)).toBe("http://localhost:3000/sign-in?notice=other_way");
    expect(await sessionOf()).toBeNull();
  });

  test("another issuer's same subject and same e-mail has no access", async () => {
    await invite("badr@company.example");
    await signIn(badr);
    world.forget();
    setEnv({ OIDC_ISSUER: "https://second.example" });
    const second = await Issuer.at("https://second.example");
    vi.stubGlobal("fetch", second.handle);
    expect(await signIn(badr, "/", second)).toBe("http://localhost:3000/sign-in?notice=other_way");
    expect(await sessionOf()).toBeNull();
    vi.stubGlobal("fetch", issuer.handle);
  });

  test("while another person is signed in here links nothing, and starts a session of its own", async () => {
    const amal = await makePerson("amal@company.example");
    await invite("badr@company.example");
    world.jar.set("latchkey.session", amal.token);
    await signIn(badr);
    expect(await sessionOf()).toMatchObject({ email: "badr@company.example" });
    expect(await findActor(amal.token)).toBeNull();
    const accounts = await database().execute(sql`select u.email from accounts a join users u on u.id = a.user_id`);
    expect(accounts.rows).toEqual([{ email: "badr@company.example" }]);
  });
});

describe("a return that is not sound", () => {
  const trouble = "http://localhost:3000/sign-in?notice=provider&to=%2Fhealth";

  test("refused at the provider: told so, with the destination kept", async () => {
    expect(await signIn(null, "/health")).toBe(trouble);
  });

  test("in another browser, with a foreign state, or twice: nothing is asked and nobody is in", async () => {
    await invite("badr@company.example");
    await beginProviderSignIn({ to: "/health", again: false });
    const back = issuer.consent(String(await providerDestination()), badr);
    const foreign = new URL(back);
    foreign.searchParams.set("state", "made-up");
    expect(await receive(foreign)).toBe(trouble);
    const mine = new Map(world.jar);
    world.forget();
    expect(await receive(back)).toBe("http://localhost:3000/sign-in?notice=provider");
    expect(issuer.asked).not.toContain("/token");
    for (const [name, value] of mine) world.jar.set(name, value);
    expect(await sessionOf()).toBeNull();
  });

  test("only GET is answered", async () => {
    expect((await POST(world.request("/api/auth/callback/oidc", { form: { code: "x" } }), params)).status).toBe(405);
    expect((await GET(world.request("/api/auth/callback/oidc?code=x", { method: "HEAD" }), params)).status).toBe(405);
  });
});

test("a provider that does not answer is told on our page", async () => {
  vi.stubGlobal("fetch", async () => Promise.reject(new TypeError("fetch failed")));
  expect(await beginProviderSignIn({ to: "/health", again: false })).toBe("/sign-in?notice=provider&to=%2Fhealth");
  vi.stubGlobal("fetch", issuer.handle);
});

test("asked for another account, the provider is told to ask who it is", async () => {
  await beginProviderSignIn({ to: "/", again: true });
  expect((await providerDestination())?.searchParams.get("prompt")).toBe("login");
});

test("behind https the cookies are __Host- and Secure, and a forged proxy host changes no address", async () => {
  setEnv({ LATCHKEY_URL: "https://latchkey.example" });
  world.headers["x-forwarded-host"] = "evil.example";
  await invite("badr@company.example");
  await beginProviderSignIn({ to: "/", again: false });
  const destination = await providerDestination();
  expect(destination?.searchParams.get("redirect_uri")).toBe("https://latchkey.example/api/auth/callback/oidc");
  const back = issuer.consent(String(destination), badr);
  const response = await GET(world.request(back.pathname + back.search), params);
  const cookie = response.headers.getSetCookie().find((line) => line.startsWith("__Host-latchkey.session="));
  expect(cookie).toMatch(/; Secure/);
  expect(cookie).not.toMatch(/; Domain/i);
  expect(response.headers.get("location")).toBe("https://latchkey.example/");
  setEnv({ LATCHKEY_URL: "http://localhost:3000" });
});
