import { createServer } from "node:net";
import { sql } from "drizzle-orm";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { database } from "@/db/client";
import { membershipsOf } from "@/db/memberships";
import { insertSession } from "@/db/sessions";
import type { Actor } from "@/lib/auth/actor";
import { findActor } from "@/lib/auth/find-actor";
import { hashToken, newToken } from "@/lib/auth/session-token";
import { changeRole } from "@/lib/people/change-role";
import { createMerchant } from "@/lib/people/create-merchant";
import { endSessions } from "@/lib/people/end-sessions";
import { invitePerson } from "@/lib/people/invite-person";
import { removePerson } from "@/lib/people/remove-person";
import { revokeInvitation } from "@/lib/people/revoke-invitation";
import { setPersonDisabled } from "@/lib/people/set-person-disabled";
import { showPeople } from "@/lib/people/show-people";
import { showPerson } from "@/lib/people/show-person";
import { plainClient } from "@/tests/support/administer";
import { useDatabase } from "@/tests/support/database";
import { readsOf, sentBy } from "@/tests/support/explain";
import { asActor, emptyPeople, eventKinds, makeMerchant, makePerson, moveClock, resetClock } from "./people";
import { setEnv, useEnv } from "./set-env";

useEnv();
const address = useDatabase();

let me: { id: string; token: string };
let admin: Actor;
const quiet = () => vi.spyOn(process.stdout, "write").mockImplementation(() => true);

beforeEach(async () => {
  setEnv({ LATCHKEY_ADMINS: undefined, SMTP_URL: undefined, MAIL_FROM: undefined });
  await resetClock();
  await emptyPeople();
  me = await makePerson("amal@company.example");
  admin = asActor(me.id);
});

test("nobody but an admin manages people", async () => {
  const merchantId = await makeMerchant();
  for (const role of ["merchant", "support"] as const) {
    const actor = asActor("usr_x", role);
    const verbs = [
      () => showPeople(actor),
      () => invitePerson(actor, { email: "b@company.example", role: "admin" }),
      () => revokeInvitation(actor, { invitationId: "inv_x" }),
      () => createMerchant(actor, { name: "X" }),
      () => changeRole(actor, { userId: me.id, role: "merchant", merchantId }),
      () => setPersonDisabled(actor, { userId: me.id, disabled: true }),
      () => endSessions(actor, { userId: me.id }),
      () => removePerson(actor, { userId: me.id }),
      () => showPerson(actor, me.id),
    ];
    for (const verb of verbs) await expect(verb()).rejects.toMatchObject({ code: "forbidden", status: 403 });
  }
  expect(await eventKinds()).toEqual([]);
});

describe("inviting", () => {
  test("stores the invitation with its event, and the list shows it", async () => {
    const spy = quiet();
    const merchantId = await makeMerchant();
    const { id, mailed } = await invitePerson(admin, { email: " Badr@Company.example", role: "merchant", merchantId });
    spy.mockRestore();
    expect(mailed).toBe(false);
    const { invitations } = await showPeople(admin);
    expect(invitations).toMatchObject([{ id, email: "badr@company.example", role: "merchant", merchantName: "Nile Books" }]);
    await revokeInvitation(admin, { invitationId: id });
    expect((await showPeople(admin)).invitations).toEqual([]);
    await expect(revokeInvitation(admin, { invitationId: id })).rejects.toMatchObject({ status: 404 });
    expect(await eventKinds()).toEqual(["invitation.created", "invitation.revoked"]);
  });

  test.each([
    ["no address", { email: "badr", role: "support" }, "email"],
    ["a merchant's member without a merchant", { email: "b@company.example", role: "merchant" }, "merchant"],
    ["a merchant that is not there", { email: "b@company.example", role: "merchant", merchantId: "mer_x" }, "merchant"],
    ["an unknown role", { email: "b@company.example", role: "owner" }, "input"],
    ["a field that nobody asked for", { email: "b@company.example", role: "support", disabledAt: null }, "input"],
    ["a person who is here", { email: "amal@company.example", role: "support" }, "already_here"],
  ])("%s is refused", async (_name, input, code) => {
    await expect(invitePerson(admin, input)).rejects.toMatchObject({ code });
    expect(await eventKinds()).toEqual([]);
  });

  test("twice for the same is refused, also at once", async () => {
    const spy = quiet();
    const input = { email: "badr@company.example", role: "support" };
    const answers = await Promise.allSettled([invitePerson(admin, input), invitePerson(admin, input), invitePerson(admin, input)]);
    spy.mockRestore();
    expect(answers.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });

  test("mails the invitation in both languages, without any secret", async () => {
    const mail = await receiveMail(async (port) => {
      setEnv({ SMTP_URL: `smtp://127.0.0.1:${port}`, MAIL_FROM: "latchkey@company.example" });
      expect((await invitePerson(admin, { email: "badr@company.example", role: "support" })).mailed).toBe(true);
    });
    expect(mail).toContain("RCPT TO:<badr@company.example>");
    expect(mail).toContain("http://localhost:3000/sign-in");
    expect(mail).not.toContain("token=");
  });

  test("stands when the mail server is down", async () => {
    const spy = quiet();
    setEnv({ SMTP_URL: "smtp://127.0.0.1:1", MAIL_FROM: "latchkey@company.example" });
    expect((await invitePerson(admin, { email: "badr@company.example", role: "support" })).mailed).toBe(false);
    spy.mockRestore();
    expect((await showPeople(admin)).invitations).toHaveLength(1);
  });
});

describe("A15: the last admin", () => {
  const refused = { code: "last_admin", status: 409 };

  test("cannot be demoted, disabled or removed, not by themselves either", async () => {
    await expect(changeRole(admin, { userId: me.id, role: "support" })).rejects.toMatchObject(refused);
    await expect(setPersonDisabled(admin, { userId: me.id, disabled: true })).rejects.toMatchObject(refused);
    await expect(removePerson(admin, { userId: me.id })).rejects.toMatchObject(refused);
    expect(await findActor(me.token)).toMatchObject({ role: "admin" });
  });

  test("a disabled admin is none who can act", async () => {
    const other = await makePerson("badr@company.example");
    await setPersonDisabled(admin, { userId: other.id, disabled: true });
    await expect(changeRole(admin, { userId: me.id, role: "support" })).rejects.toMatchObject(refused);
  });

  test("two admins who end each other at once leave one", async () => {
    const other = await makePerson("badr@company.example");
    const answers = await Promise.allSettled([
      changeRole(admin, { userId: other.id, role: "support" }),
      setPersonDisabled(asActor(other.id), { userId: me.id, disabled: true }),
    ]);
    expect(answers.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    const { people } = await showPeople(admin);
    expect(people.filter(({ role, disabledAt }) => role === "admin" && !disabledAt)).toHaveLength(1);
  });
});

describe("changing a role", () => {
  test("replaces what the person was", async () => {
    const merchantId = await makeMerchant();
    const { id } = await makePerson("badr@company.example", "member", merchantId);
    await changeRole(admin, { userId: id, role: "admin" });
    expect((await membershipsOf(database(), id)).map(({ role, merchantId: of }) => [role, of])).toEqual([["admin", null]]);
    const facts = await database().execute<{ facts: unknown }>(sql`select facts from events`);
    expect(facts.rows[0]?.facts).toMatchObject({ person: id, role: "admin", was: "member" });
  });

  test("of a configured admin is left to the configuration", async () => {
    const { id } = await makePerson("root@company.example");
    setEnv({ LATCHKEY_ADMINS: "root@company.example" });
    await expect(changeRole(admin, { userId: id, role: "support" })).rejects.toMatchObject({ code: "admin_by_configuration" });
  });

  test("of nobody, or to a merchant that is not there, is refused", async () => {
    await expect(changeRole(admin, { userId: "usr_x", role: "support" })).rejects.toMatchObject({ status: 404 });
    await expect(changeRole(admin, { userId: me.id, role: "merchant", merchantId: "mer_x" })).rejects.toMatchObject({ code: "merchant" });
  });
});

test("signing a person out everywhere ends each session", async () => {
  const { id, token } = await makePerson("badr@company.example", "support");
  expect(await endSessions(admin, { userId: id })).toBe(1);
  expect(await findActor(token)).toBeNull();
  expect(await findActor(me.token)).toMatchObject({ id: me.id });
});

test("A15: one session is ended and the others stay", async () => {
  const { id, token } = await makePerson("badr@company.example", "support");
  await moveClock("1 hour");
  const other = newToken();
  await insertSession(database(), hashToken(other), id, 3_600);
  const { sessions } = await showPerson(admin, id);
  expect(sessions).toHaveLength(2);
  const [{ id: newest = "" } = {}] = sessions;
  expect([hashToken(other), other].join()).not.toContain(newest);
  expect(await endSessions(admin, { userId: id, sessionId: newest })).toBe(1);
  expect(await findActor(other)).toBeNull();
  expect(await findActor(token)).toMatchObject({ id });
  await expect(endSessions(admin, { userId: id, sessionId: newest })).rejects.toMatchObject({ status: 404 });
  await expect(endSessions(admin, { userId: me.id, sessionId: (await showPerson(admin, id)).sessions[0]?.id })).rejects.toMatchObject({
    status: 404,
  });
});

describe("A15: removing a person", () => {
  test("takes every role and session, and a new role brings them back", async () => {
    const { id, token } = await makePerson("badr@company.example", "support");
    await removePerson(admin, { userId: id });
    await removePerson(admin, { userId: id });
    expect(await findActor(token)).toBeNull();
    expect((await showPeople(admin)).people.map(({ email }) => email)).toEqual(["amal@company.example"]);
    expect((await showPeople(admin, { role: "none" })).people.map(({ email }) => email)).toEqual(["badr@company.example"]);
    expect(await eventKinds()).toEqual(["person.removed"]);
    await changeRole(admin, { userId: id, role: "support" });
    expect((await showPerson(admin, id)).person.role).toBe("support");
  });

  test("takes back what they were invited to", async () => {
    const { id } = await makePerson("badr@company.example", "member", await makeMerchant());
    const other = await createMerchant(admin, { name: "Another shop" });
    await invitePerson(admin, { email: "badr@company.example", role: "merchant", merchantId: other.id });
    await removePerson(admin, { userId: id });
    expect((await showPeople(admin)).invitations).toEqual([]);
    expect(await eventKinds()).toEqual(expect.arrayContaining(["invitation.revoked", "person.removed"]));
  });

  test("is left to the configuration where that makes the admin", async () => {
    const { id } = await makePerson("root@company.example");
    setEnv({ LATCHKEY_ADMINS: "root@company.example" });
    await expect(removePerson(admin, { userId: id })).rejects.toMatchObject({ code: "admin_by_configuration" });
  });
});

describe("finding people", () => {
  const emails = async (query: Record<string, string>, limit?: number) =>
    (await showPeople(admin, query, limit)).people.map(({ email }) => email.split("@")[0]);

  test("by part of a name or address, role and merchant, a page at a time, both ways", async () => {
    const merchantId = await makeMerchant();
    const other = await makeMerchant("Red");
    for (const name of ["mona", "mina", "yusuf"]) await makePerson(`${name}@nile.example`, "member", merchantId);
    await makePerson("zoe@red.example", "member", other);
    await makePerson("sara@company.example", "support");
    expect(await emails({ q: "NILE.ex" })).toEqual(["mina", "mona", "yusuf"]);
    expect(await emails({ q: "%" })).toEqual([]);
    expect(await emails({ role: "support" })).toEqual(["sara"]);
    expect(await emails({ role: "merchant", q: "o" })).toEqual(["mona", "zoe"]);
    const of = await showPeople(admin, { merchant: other });
    expect([of.of?.name, of.people.length]).toEqual(["Red", 1]);
    const first = await showPeople(admin, {}, 4);
    expect(first.people.map(({ email }) => email.split("@")[0])).toEqual(["amal", "mina", "mona", "sara"]);
    expect(first.previous).toBeNull();
    const second = await showPeople(admin, { after: first.next ?? "" }, 4);
    expect([second.people.length, second.next]).toEqual([2, null]);
    expect(await emails({ before: second.previous ?? "" }, 4)).toEqual(["amal", "mina", "mona", "sara"]);
  });

  test("a merchant is named by an id or by a name that no other one has", async () => {
    const { id } = await makePerson("badr@company.example", "support");
    const merchantId = await makeMerchant("Red");
    const as = (merchant: string) => changeRole(admin, { userId: id, role: "merchant", merchantId: merchant });
    await as(" Red ");
    expect((await membershipsOf(database(), id)).map((one) => one.merchantId)).toEqual([merchantId]);
    const twin = await createMerchant(admin, { name: "Red", externalId: "M-2" });
    await expect(as("Red")).rejects.toMatchObject({ code: "merchant" });
    await as("M-2");
    expect((await membershipsOf(database(), id)).map((one) => one.merchantId)).toEqual([twin.id]);
  });

  test("of 3,000 people and merchants none is read that is not shown", async () => {
    await database().execute(
      sql`insert into merchants (id, name) select 'mer_' || n, 'Shop ' || md5(n::text) from generate_series(1, 3000) n`,
    );
    await database().execute(
      sql`insert into users (id, email) select 'usr_' || n, md5(n::text) || '@x.example' from generate_series(1, 3000) n`,
    );
    await database().execute(
      sql`insert into memberships (id, user_id, merchant_id, role) select 'mem_' || n, 'usr_' || n, 'mer_' || n, 'member' from generate_series(1, 3000) n`,
    );
    const client = await plainClient(address());
    await client.query("vacuum analyze users, merchants, memberships");
    // So few are read whole sooner than by an index: what counts is that one is there.
    await client.query("set enable_seqscan = off; set enable_hashjoin = off; set enable_mergejoin = off");
    for (const query of [{ q: "c4ca4238" }, {}, { after: "usr_77" }, { merchant: "mer_7" }, { role: "support" }]) {
      const sent = await sentBy(() => showPeople(admin, query));
      await client.query(`set enable_indexscan = ${"q" in query ? "off" : "on"}`);
      for (const table of ["users", "merchants"]) {
        for (const statement of sent.filter(({ text }) => text.includes(`"${table}"`))) {
          const reads = await readsOf(client, statement, table);
          expect(
            reads.filter(({ scan }) => scan === "Seq Scan"),
            `${JSON.stringify(query)}: ${statement.text}`,
          ).toEqual([]);
          const read = reads.reduce((sum, { rows }) => sum + rows, 0);
          expect(read, `${JSON.stringify(query)}: ${JSON.stringify(reads)} ${statement.text}`).toBeLessThan(400);
        }
      }
    }
    expect((await showPeople(admin)).choices).toBeNull();
    await client.end();
  });
});

describe("merchants", () => {
  test("are created with an id of the company's own, unique where it is given", async () => {
    expect(await createMerchant(admin, { name: " Nile Books ", externalId: "M-1" })).toMatchObject({
      name: "Nile Books",
      externalId: "M-1",
    });
    await expect(createMerchant(admin, { name: "Other", externalId: "M-1" })).rejects.toMatchObject({ code: "external_id_taken" });
    await createMerchant(admin, { name: "Red", externalId: "" });
    await createMerchant(admin, { name: "Red", externalId: "" });
    await expect(createMerchant(admin, { name: "  " })).rejects.toMatchObject({ code: "name" });
    expect((await showPeople(admin)).merchants.map(({ name }) => name)).toEqual(["Nile Books", "Red", "Red"]);
  });
});

test("the list tells role, merchants and when a person was last active", async () => {
  const merchantId = await makeMerchant();
  await makePerson("badr@company.example", "member", merchantId);
  await database().execute(sql`delete from sessions where user_id = ${me.id}`);
  expect((await showPeople(admin)).people).toMatchObject([
    { email: "amal@company.example", role: "admin", merchants: [], seenAt: null },
    { email: "badr@company.example", role: "merchant", merchants: [{ id: merchantId, name: "Nile Books" }], seenAt: expect.any(Date) },
  ]);
});

/** A mail server that takes one mail; everything that it was told. */
async function receiveMail(work: (port: number) => Promise<void>): Promise<string> {
  let told = "";
  const server = createServer((socket) => {
    let inBody = false;
    socket.write("220 mail\r\n");
    socket.on("data", (chunk) => {
      told += chunk.toString("utf8");
      if (inBody) {
        if (!told.endsWith("\r\n.\r\n")) return;
        inBody = false;
        socket.write("250 taken\r\n");
        return;
      }
      const command = chunk.toString("utf8");
      if (command.startsWith("DATA")) inBody = true;
      socket.write(command.startsWith("DATA") ? "354 go on\r\n" : command.startsWith("QUIT") ? "221 bye\r\n" : "250 fine\r\n");
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  await work(typeof address === "object" && address ? address.port : 0);
  await new Promise((done) => server.close(done));
  return told;
}
