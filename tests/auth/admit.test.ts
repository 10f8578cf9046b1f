import { sql } from "drizzle-orm";
import { beforeEach, describe, expect, test } from "vitest";
import { database, transaction } from "@/db/client";
import { insertInvitation, listPendingInvitations } from "@/db/invitations";
import { membershipsOf } from "@/db/memberships";
import type { Role } from "@/db/schema";
import { anyUser, findUserByEmail } from "@/db/users";
import { admit, type Identity } from "@/lib/auth/admit";
import { useDatabase } from "@/tests/support/database";
import { emptyPeople, eventKinds, makeMerchant, makePerson, moveClock, resetClock } from "./people";
import { setEnv, useEnv } from "./set-env";

useEnv();
useDatabase();

const ISSUER = "https://id.company.example";
const oidc = (email: string | null, over: Partial<Identity> = {}): Identity => ({
  provider: ISSUER,
  subject: `sub-${email}`,
  type: "oidc",
  email,
  emailProven: true,
  name: "Badr",
  ...over,
});
const link = (email: string): Identity => ({ provider: "email", subject: email, type: "email", email, emailProven: true, name: null });
const invite = (email: string, role: Role, merchantId: string | null = null) =>
  transaction((tx) => insertInvitation(tx, { email, role, merchantId, invitedBy: "usr_x" }, 14));
const rolesOf = async (email: string) => {
  const user = await findUserByEmail(database(), email);
  return user ? (await membershipsOf(database(), user.id)).map(({ role, merchantId }) => [role, merchantId]) : null;
};

beforeEach(async () => {
  await emptyPeople();
  await resetClock();
  setEnv({ LATCHKEY_ADMINS: undefined, LATCHKEY_SIGNUP: undefined });
});

test("a stranger is refused and leaves nothing behind", async () => {
  for (const identity of [oidc("badr@company.example"), link("badr@company.example"), oidc(null)]) {
    expect(await admit(identity)).toEqual({ refused: "no_access" });
  }
  expect(await anyUser(database())).toBe(false);
  expect(await eventKinds()).toEqual([]);
});

describe("an invitation", () => {
  test("accepted, it binds provider and subject, and tells so in events", async () => {
    const merchantId = await makeMerchant();
    await invite("badr@company.example", "member", merchantId);
    const first = await admit(oidc("badr@company.example"));
    expect(await rolesOf("badr@company.example")).toEqual([["member", merchantId]]);
    expect(await eventKinds()).toEqual(["person.joined", "invitation.accepted"]);
    expect(await listPendingInvitations(database(), null, 50)).toEqual([]);
    const accounts = await database().execute(sql`select provider, subject, type from accounts`);
    expect(accounts.rows).toEqual([{ provider: ISSUER, subject: "sub-badr@company.example", type: "oidc" }]);
    // Known by the subject from now on, whatever the provider calls the e-mail.
    expect(await admit(oidc("new-name@company.example", { subject: "sub-badr@company.example", emailProven: false }))).toEqual(first);
  });

  test("is not accepted with an e-mail that the provider did not verify, nor after its time", async () => {
    await invite("badr@company.example", "support");
    expect(await admit(oidc("badr@company.example", { emailProven: false }))).toEqual({ refused: "no_access" });
    await moveClock("15 days");
    expect(await admit(oidc("badr@company.example"))).toEqual({ refused: "no_access" });
    expect(await anyUser(database())).toBe(false);
  });

  test("to a second merchant is accepted by a person who is here already", async () => {
    const [first, second] = [await makeMerchant("One"), await makeMerchant("Two")];
    await makePerson("badr@company.example", "member", first);
    await invite("badr@company.example", "member", second);
    await admit(link("badr@company.example"));
    expect(await rolesOf("badr@company.example")).toEqual([
      ["member", first],
      ["member", second],
    ]);
  });

  test("twenty first sign-ins at once make one person", async () => {
    await invite("badr@company.example", "support");
    const answers = await Promise.all(Array.from({ length: 20 }, () => admit(oidc("badr@company.example"))));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(await eventKinds()).toEqual(["person.joined", "invitation.accepted"]);
  });
});

describe("the same e-mail from a second identity provider", () => {
  test("has no access, invited or not", async () => {
    await invite("badr@company.example", "support");
    await admit(oidc("badr@company.example"));
    const second = oidc("badr@company.example", { provider: "https://other.example" });
    expect(await admit(second)).toEqual({ refused: "other_way" });
    await invite("badr@company.example", "admin");
    expect(await admit(second)).toEqual({ refused: "other_way" });
    expect(await rolesOf("badr@company.example")).toEqual([["support", null]]);
  });

  test("nor has the same subject there", async () => {
    await invite("badr@company.example", "support");
    await admit(oidc("badr@company.example", { subject: "1" }));
    expect(await admit(oidc("eve@other.example", { provider: "https://other.example", subject: "1" }))).toEqual({ refused: "no_access" });
  });
});

describe("LATCHKEY_ADMINS", () => {
  test("makes an admin of a verified e-mail only", async () => {
    setEnv({ LATCHKEY_ADMINS: "root@company.example" });
    expect(await admit(oidc("root@company.example", { emailProven: false }))).toEqual({ refused: "no_access" });
    expect(await admit(oidc("root@company.example"))).toHaveProperty("userId");
    expect(await rolesOf("root@company.example")).toEqual([["admin", null]]);
  });

  test("promotes somebody who is here already, but nobody who is disabled", async () => {
    await makePerson("root@company.example", "support");
    await makePerson("gone@company.example", "support");
    await database().execute(sql`update users set disabled_at = app_now() where email = 'gone@company.example'`);
    setEnv({ LATCHKEY_ADMINS: "root@company.example gone@company.example" });
    await admit(link("root@company.example"));
    expect(await rolesOf("root@company.example")).toEqual([["admin", null]]);
    expect(await admit(link("gone@company.example"))).toEqual({ refused: "no_access" });
    expect(await rolesOf("gone@company.example")).toEqual([["support", null]]);
  });

  test("does not promote a known person by the e-mail that a provider calls them now", async () => {
    await invite("badr@company.example", "support");
    await admit(oidc("badr@company.example", { subject: "7" }));
    setEnv({ LATCHKEY_ADMINS: "root@company.example" });
    await admit(oidc("root@company.example", { subject: "7" }));
    expect(await rolesOf("badr@company.example")).toEqual([["support", null]]);
  });
});

describe("open signing up", () => {
  test("gives a newcomer a merchant of their own, once", async () => {
    setEnv({ LATCHKEY_SIGNUP: "open" });
    await admit(link("shop@street.example"));
    await admit(link("shop@street.example"));
    const merchants = await database().execute<{ id: string; name: string }>(sql`select id, name from merchants`);
    expect(merchants.rows.map(({ name }) => name)).toEqual(["shop"]);
    expect(await rolesOf("shop@street.example")).toEqual([["member", merchants.rows[0]?.id]]);
    expect(await eventKinds()).toEqual(["person.joined", "merchant.created"]);
  });

  test("an unverified e-mail does not claim an address", async () => {
    setEnv({ LATCHKEY_SIGNUP: "open" });
    expect(await admit(oidc("victim@street.example", { emailProven: false }))).toEqual({ refused: "no_access" });
  });

  test("the first to come is no admin", async () => {
    setEnv({ LATCHKEY_SIGNUP: "open" });
    await admit(link("shop@street.example"));
    expect((await rolesOf("shop@street.example"))?.map(([role]) => role)).toEqual(["member"]);
  });
});

test("a person without any role is told so", async () => {
  await makePerson("badr@company.example", null);
  expect(await admit(link("badr@company.example"))).toEqual({ refused: "no_access" });
});
