import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, it } from "vitest";
import { closeDatabase, database, openDatabase } from "@/db/client";
import { findConnection } from "@/db/connections";
import type { UserActor } from "@/lib/auth/actor";
import { backUp } from "@/lib/backup/back-up";
import { restore } from "@/lib/backup/restore";
import { markKeys } from "@/lib/check-keys";
import { renew } from "@/lib/connections/renew";
import { show } from "@/lib/connections/show";
import { delivering } from "@/lib/jobs/delivering";
import { renewing } from "@/lib/jobs/renewing";
import { restating } from "@/lib/jobs/restating";
import { watching } from "@/lib/jobs/watching";
import { restoredMail } from "@/lib/mail/restored-mail";
import { setEnv, useEnv } from "@/tests/auth/set-env";
import { administer, dropDatabase } from "@/tests/support/administer";
import { useDatabase } from "@/tests/support/database";
import { aMerchant, connected } from "@/tests/support/journey";
import { type MailServer, startMailServer } from "@/tests/support/mail-server";
import { BASE_URL, platforms } from "@/tests/support/platforms";
import { isNeon, neonAddress, plainAddress } from "@/tests/support/route";

useEnv({ LATCHKEY_URL: BASE_URL });
const address = useDatabase();
const at = platforms({ stores: ["a", "b", "c", "d"] });
const name = `latchkey_restored_${randomBytes(4).toString("hex")}`;
let mail: MailServer;
let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "latchkey-restored-"));
  mail = await startMailServer("latchkey", "CNRY-smtp");
  setEnv({ SMTP_URL: `smtp://latchkey:CNRY-smtp@127.0.0.1:${mail.port}`, MAIL_FROM: "Latchkey <hub@latchkey.example>" });
});
afterAll(async () => {
  setEnv({ SMTP_URL: undefined, MAIL_FROM: undefined });
  await mail.close();
  await closeDatabase();
  process.env.DATABASE_URL = address();
  await openDatabase({ migrate: false });
  await dropDatabase(address(), name);
  await rm(folder, { recursive: true, force: true });
});

const to = (actor: UserActor) => mail.mails.filter((text) => text.includes(`To: ${actor.email}`));
const due = (ids: readonly string[]) =>
  database().execute(
    sql`update connections set next_refresh_at = (select restored_at from restores) - interval '1 hour' where id in ${ids}`,
  );
/** What the worker does about renewals and whoever has to know. */
const round = async () => {
  for (const job of [renewing, restating, watching, delivering]) await job.round({ open: at.open, stopping: () => false });
};
const status = async (id: string) => (await findConnection(database(), id))?.status;

it("P-09 a backup of yesterday: what was renewed since is found out at once, and each merchant is told once", async () => {
  const [mona, yusuf] = [await aMerchant("Riyadh shop"), await aMerchant("Jeddah shop")];
  const [first, second, kept] = [
    await connected(at, mona, "oauth2", "a"),
    await connected(at, mona, "oauth2", "b"),
    await connected(at, mona, "oauth2", "c"),
  ];
  const other = await connected(at, yusuf, "oauth2", "d");
  await markKeys();
  await backUp(join(folder, "yesterday"), plainAddress(address()));
  // A refresh token is good for one use there: what the backup holds of these two is dead.
  for (const row of [first, second]) expect(await renew(mona, row.id, at.open)).toEqual({ kind: "renewed" });

  await closeDatabase();
  await administer(address(), `create database ${name} template template0 encoding 'UTF8' locale 'C.UTF-8'`);
  const there = Object.assign(new URL(plainAddress(address())), { pathname: `/${name}` }).href;
  await restore(join(folder, "yesterday"), there);
  process.env.DATABASE_URL = isNeon(address()) ? neonAddress(there) : there;
  await openDatabase();

  await due([first.id]);
  await due([second.id, other.id]);
  await database().execute(
    sql`update connections set lease_id = 'held', lease_until = app_now() + interval '20 seconds' where id = ${second.id}`,
  );
  await round();
  expect(await status(first.id)).toBe("reconnect");
  // One is still to be tried: whoever has to be told is told of both.
  expect(mail.mails).toEqual([]);
  await database().execute(sql`update connections set lease_until = app_now() where id = ${second.id}`);
  await round();
  expect([await status(second.id), await status(kept.id), await status(other.id)]).toEqual(["reconnect", "active", "active"]);
  expect(to(mona)).toHaveLength(1);
  expect(to(mona)[0]).toContain("2 stores of yours need");
  expect(to(yusuf)).toEqual([]);
  const told = (await show(mona, first.id)).timeline.find(({ kind }) => kind === "connection.needs_reconnect");
  expect(told?.facts).toMatchObject({ code: "refresh_refused", restored: true });

  // Found out after that: a message of its own, and none again about the others.
  at.simulators.oauth2.revokeAtPlatform("c");
  await database().execute(sql`update connections set next_refresh_at = app_now() where id = ${kept.id}`);
  await round();
  expect(await status(kept.id)).toBe("reconnect");
  expect(to(mona)).toHaveLength(2);
  expect(mail.mails).toHaveLength(2);
});

it.each(["en", "ar"] as const)("says in %s what happened, and counts what it does not name", (locale) => {
  const stores = Array.from({ length: 23 }, (_, index) => ({ offer: "square", name: index === 0 ? null : `Shop <${index}>` }));
  const written = restoredMail({ to: "mona@shop.example", userId: "usr_1", locale, stores, takenAt: new Date("2026-11-20T12:00:00Z") });
  expect(written.subject).toContain("23");
  expect(written.text).toMatch(/3/);
  expect(written.text).toContain(`${BASE_URL}/connections`);
  expect(written.text).not.toMatch(/[{}]|undefined|null/);
  expect(written.html).not.toContain("Shop <");
  expect(written.headers?.["List-Unsubscribe"]).toContain("usr_1.store_needs_you.");
});
