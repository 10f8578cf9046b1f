import { sql } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { database, transaction } from "@/db/client";
import type { Connection } from "@/db/connections";
import { findConnection } from "@/db/connections";
import { insertEvent, refuseEvents } from "@/db/events";
import { addDestination } from "@/lib/alerts/add-destination";
import { auditCriteriaOf } from "@/lib/audit/audit-criteria";
import { exportAudit } from "@/lib/audit/export-audit";
import { changesHeld, holdWhereBroken } from "@/lib/audit/hold";
import { sealWaiting } from "@/lib/audit/seal-waiting";
import type { UserActor } from "@/lib/auth/actor";
import { keepSession } from "@/lib/auth/keep-session";
import { newToken } from "@/lib/auth/session-token";
import { beginConsent } from "@/lib/connections/begin-consent";
import { renew } from "@/lib/connections/renew";
import { revoke } from "@/lib/connections/revoke";
import { show } from "@/lib/connections/show";
import { serviceHealth } from "@/lib/health/service-health";
import { createKey } from "@/lib/keys/create-key";
import { endKey } from "@/lib/keys/end-key";
import { flushHandOuts, noteHandOut } from "@/lib/keys/hand-outs";
import { pauseCaller } from "@/lib/keys/pause-caller";
import { replaceKey } from "@/lib/keys/replace-key";
import { createLink } from "@/lib/links/create-link";
import { pauseOffer } from "@/lib/offers/pause-offer";
import { changeRole } from "@/lib/people/change-role";
import { createMerchant } from "@/lib/people/create-merchant";
import { endSessions } from "@/lib/people/end-sessions";
import { invitePerson } from "@/lib/people/invite-person";
import { removePerson } from "@/lib/people/remove-person";
import { setPersonDisabled } from "@/lib/people/set-person-disabled";
import { useEnv } from "@/tests/auth/set-env";
import { contents } from "@/tests/support/contents";
import { useDatabase } from "@/tests/support/database";
import { aMerchant, connected, staff } from "@/tests/support/journey";
import { BASE_URL, platforms } from "@/tests/support/platforms";

useEnv({ LATCHKEY_URL: BASE_URL });
const address = useDatabase();
const at = platforms();
let mona: UserActor;
let omar: UserActor;
let sara: UserActor;
let row: Connection;
let key: { id: string };

beforeAll(async () => {
  // Another file of this process may have left it so.
  delete (globalThis as { latchkeyDraining?: boolean }).latchkeyDraining;
  mona = await aMerchant("Nile Books");
  [omar, sara] = [await staff("admin"), await staff("support")];
  row = await connected(at, mona, "square");
  key = await createKey(omar, { name: "orders-sync", scopes: ["access:read"] });
  noteHandOut(key.id, row.id);
  await flushHandOuts();
  while (await sealWaiting());
});
beforeEach(() => {
  for (const stream of [process.stdout, process.stderr]) vi.spyOn(stream, "write").mockImplementation(() => true);
});
afterEach(() => {
  vi.restoreAllMocks();
});
// Whatever became of these tests, the files after them change things.
afterAll(() => {
  delete (globalThis as { latchkeyChangesHeld?: boolean }).latchkeyChangesHeld;
  refuseEvents(null);
});

/** Everything that people do, of each kind one. */
const acts = (): Record<string, () => Promise<unknown>> => ({
  "start a consent": () => beginConsent(mona, { offer: "square" }, at.open),
  disconnect: () => revoke(mona, { connectionId: row.id }, at.open),
  revoke: () => revoke(sara, { connectionId: row.id, reason: "Left us" }, at.open),
  "make a key": () => createKey(omar, { name: "another", scopes: ["access:read"] }),
  "replace a key": () => replaceKey(omar, { keyId: key.id, overlapDays: 1 }),
  "end a key": () => endKey(omar, key.id, "orders-sync"),
  "pause a program": () => pauseCaller(mona, row.id, key.id),
  "change a role": () => changeRole(omar, { userId: sara.id, role: "admin" }),
  invite: () => invitePerson(omar, { email: "badr@company.example", role: "support" }),
  disable: () => setPersonDisabled(omar, { userId: sara.id, disabled: true }),
  "remove a person": () => removePerson(omar, { userId: sara.id }),
  "end sessions": () => endSessions(omar, { userId: sara.id }),
  "make a merchant": () => createMerchant(omar, { name: "Delta Shoes" }),
  "make a link": () => createLink(sara, { merchant: { id: mona.merchants[0]?.id }, offer: "square" }),
  "pause a platform": () => pauseOffer(omar, "square", { reason: "Maintenance", hours: "4" }),
  "add a destination": () => addDestination(omar, { kind: "email", address: "ops@company.example", locale: "en" }),
  "take the audit as a file": () => exportAudit(omar, auditCriteriaOf({})),
});

/** Every row of every table, as it lies there: but for numbers that a sequence gave, and calls of before that are counted in between. */
async function rows(): Promise<Record<string, unknown[]>> {
  return Object.fromEntries(Object.entries(await contents(address())).filter(([name]) => !/_seq"?$|sequence|offer_minutes/.test(name)));
}

async function refusals(): Promise<Record<string, unknown>> {
  const said: Record<string, unknown> = {};
  for (const [name, act] of Object.entries(acts()))
    said[name] = await act().then(
      () => "done",
      (error: { code?: string }) => error.code,
    );
  return said;
}
const all = (code: string) => Object.fromEntries(Object.keys(acts()).map((name) => [name, code]));

describe("S-101 what cannot be told of is not done", () => {
  it("where the event cannot be written every act fails and changes nothing", async () => {
    await database().execute(sql`
      create function no_event() returns trigger language plpgsql as $$ begin raise exception 'no event' using errcode = '23514'; end $$`);
    await database().execute(sql`create trigger no_event before insert on events for each row execute function no_event()`);
    const before = await rows();
    expect(await refusals()).toEqual(all("23514"));
    await expect(keepSession(newToken(), omar.id)).rejects.toMatchObject({ code: "23514" });
    expect(await rows()).toEqual(before);
    await database().execute(sql`drop trigger no_event on events`);
    await acts()["make a merchant"]?.();
  });
});

describe("P-10 a process that finds the end of the chain broken", () => {
  it("changes nothing that is told of, asks no platform, mends nothing, serves what there is, and says so", async () => {
    while (await sealWaiting());
    expect([await holdWhereBroken(), changesHeld()]).toEqual([false, false]);
    await database().execute(sql`update events set reason = 'Nothing happened' where id = (select max(event_id) from event_seals)`);
    expect(await holdWhereBroken()).toBe(true);
    expect(String(vi.mocked(process.stderr.write).mock.calls.at(-1)?.[0])).toContain("npm run audit -- verify");
    const calls = at.simulators.square.ledger.calls.length;
    const before = await rows();
    expect(await refusals()).toEqual(all("audit_broken"));
    expect(await rows()).toEqual(before);
    expect(await renew(sara, row.id, at.open)).toMatchObject({ kind: "not_now" });
    expect(at.simulators.square.ledger.calls).toHaveLength(calls);
    expect((await findConnection(database(), row.id))?.generation).toBe(row.generation);
    expect(await show(mona, row.id)).toBeTruthy();
    expect(await serviceHealth()).toMatchObject({ status: "degraded", audit: "broken" });
    // Somebody has looked: what stood there stands there again.
    await database().execute(sql`update events set reason = null where id = (select max(event_id) from event_seals)`);
    expect(await holdWhereBroken()).toBe(false);
    expect((await renew(sara, row.id, at.open)).kind).toBe("renewed");
  });
});

describe("S-103 nobody writes a line of the audit by his name", () => {
  it("in the file, which has the sealed place of each line as well", async () => {
    const name = 'Mallory\r\n2026-01-01,"key.revoked"\u001b[2J\u009b31m\u202e\u2028=cmd';
    await transaction((tx) =>
      insertEvent(tx, { kind: "merchant.created", actor: { kind: "user", id: "usr_m", name }, reason: name, facts: { name } }),
    );
    const events = (await database().execute(sql`select from events`)).rows.length;
    let file = "";
    for await (const piece of await exportAudit(omar, auditCriteriaOf({ by: "all" }), 7)) file += piece;
    const lines = file.split("\r\n");
    // Its head, an empty end, and that the file was taken.
    expect(lines).toHaveLength(events + 3);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
    expect(file.replaceAll("\r\n", "")).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e]/);
    const places = lines.slice(1, -1).map((line) => Number(/,(\d+),[0-9a-f]{64}$/.exec(line)?.[1]));
    expect(places.toSorted((a, b) => b - a).at(0)).toBe(events + 1);
    expect(new Set(places).size).toBe(events + 1);
  });
});
