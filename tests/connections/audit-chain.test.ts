import { randomBytes } from "node:crypto";
import { sql } from "drizzle-orm";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { database, type Tx, transaction } from "@/db/client";
import { type Head, placesAfter, readHead } from "@/db/event-chain";
import { insertEvent } from "@/db/events";
import { auditCommand } from "@/lib/audit/audit-command";
import { chainWith, ourChain } from "@/lib/audit/chain";
import { atOneMoment } from "@/lib/audit/check-chain";
import { headText } from "@/lib/audit/kept-head";
import { readFeed } from "@/lib/audit/read-feed";
import { sealBatch } from "@/lib/audit/seal-batch";
import { sealWaiting } from "@/lib/audit/seal-waiting";
import { tellHead } from "@/lib/audit/tell-head";
import { verifyChain } from "@/lib/audit/verify-chain";
import { type KeyActor, worker } from "@/lib/auth/actor";
import { moveClock } from "@/tests/auth/people";
import { useEnv } from "@/tests/auth/set-env";
import { useDatabase } from "@/tests/support/database";

useEnv();
useDatabase();
const reader: KeyActor = { kind: "key", id: "key_reader", name: "reader", scopes: ["connections:read"], merchantIds: null, offers: null };

const write = (count: number, name = "Nile Books") =>
  transaction(async (tx) => {
    for (let n = 0; n < count; n += 1)
      await insertEvent(tx, { kind: "merchant.created", actor: worker, reason: "new", facts: { name, n } });
  });
const seal = async () => {
  while (await sealWaiting());
};
const verify = (kept: Head[] = []) => atOneMoment((tx) => verifyChain(tx, { kept }));

class Undo extends Error {}
/** What `verify` says after a change that nobody keeps. */
async function tampered(change: (tx: Tx) => Promise<unknown>, kept: Head[] = []) {
  let said: unknown;
  const undone = transaction(async (tx) => {
    await change(tx);
    const { fault } = await verifyChain(tx, { kept });
    said = fault && `${fault.wrong} ${fault.seq}`;
    throw new Undo();
  });
  await expect(undone).rejects.toThrow(Undo);
  return said;
}

beforeAll(async () => {
  vi.spyOn(process.stdout, "write").mockImplementation(() => true);
  await write(40);
  await seal();
});
beforeEach(() => {
  vi.spyOn(process.stdout, "write").mockImplementation(() => true);
});
afterEach(() => {
  vi.restoreAllMocks();
});

describe("S-100 the audit's chain", () => {
  it("is one over writers and sealers at the same time, without a gap", async () => {
    const sealing = Array.from({ length: 3 }, () => transaction((tx) => sealBatch(tx, 3)));
    await Promise.all([...Array.from({ length: 4 }, () => write(5)), ...sealing]);
    await seal();
    const places = await placesAfter(database(), 0, 1_000);
    expect(places.map(({ seq }) => seq)).toEqual(places.map((_, index) => index + 1));
    const { fault, entries, head } = await verify();
    expect([fault, entries]).toEqual([null, places.length]);
    expect(head).toEqual(await readHead(database()));
  });

  it("`verify` names the first place that is not what was sealed, and what is wrong with it", async () => {
    const at = (seq: number) => sql`(select event_id from event_seals where seq = ${seq})`;
    const run =
      (...statements: ReturnType<typeof sql>[]) =>
      async (tx: Tx) => {
        for (const statement of statements) await tx.execute(statement);
      };
    const shift = (from: number, by: number) =>
      [
        sql`update event_seals set seq = -(seq + ${by}::bigint) where seq >= ${from}`,
        sql`update event_seals set seq = -seq where seq < 0`,
      ] as const;
    const changes: [string, (tx: Tx) => Promise<unknown>][] = [
      ["edited 5", run(sql`update events set actor_name = 'Somebody else' where id = ${at(5)}`)],
      ["edited 6", run(sql`update events set at = at - interval '1 microsecond' where id = ${at(6)}`)],
      ["edited 7", run(sql`update events set facts = facts || '{"n": 99}' where id = ${at(7)}`)],
      ["edited 8", run(sql`update event_seals set hash = repeat('0', 64) where seq = 8`)],
      ["deleted 9", run(sql`delete from events where id = ${at(9)}`)],
      ["missing 10", run(sql`delete from events where id = ${at(10)}`, sql`delete from event_seals where seq = 10`)],
      ["edited 11", run(sql`delete from event_seals where seq = 11`, ...shift(12, -1))],
      [
        "swapped 12",
        run(
          sql`create temp table kept on commit drop as select seq, event_id from event_seals where seq in (12, 15)`,
          sql`update event_seals set event_id = -event_id where seq in (12, 15)`,
          sql`update event_seals s set event_id = k.event_id from kept k where s.seq in (12, 15) and k.seq = 27 - s.seq`,
        ),
      ],
      [
        "swapped 13",
        run(
          sql`create temp table kept on commit drop as select * from events where id in (${at(13)}, ${at(17)})`,
          sql`update events e set facts = k.facts, at = k.at, reason = k.reason from kept k where e.id in (select id from kept) and k.id <> e.id`,
        ),
      ],
      [
        "inserted 14",
        run(
          ...shift(14, 1),
          sql`insert into event_seals (seq, event_id, hash) select 14, max(id) + 1, repeat('0', 64) from events`,
          sql`
          insert into events (id, kind, actor_kind) select max(id) + 1, 'key.revoked', 'user' from events`,
        ),
      ],
      ["inserted null", run(sql`insert into events (kind, actor_kind) values ('key.revoked', 'user')`, sql`delete from unsealed_events`)],
      ["truncated 30", run(sql`delete from event_seals where seq >= 30`)],
      ["beginning 1", run(sql`delete from event_anchors`)],
      ["beginning 1", run(sql`update event_anchors set reason = 'Trust me'`)],
      [
        "beginning 21",
        run(
          sql`insert into event_anchors (seq, hash, key_id, made_at, reason) select 20, repeat('0', 64), key_id, made_at, reason from event_anchors`,
        ),
      ],
    ];
    const said = [];
    for (const [expected, change] of changes) said.push([expected, await tampered(change)]);
    expect(said).toEqual(changes.map(([expected]) => [expected, expected]));
    expect((await verify()).fault).toBeNull();
  });

  it("an end that is cut off, and a history that was written anew, show by a head that was kept elsewhere", async () => {
    const kept = await readHead(database());
    if (!kept) throw new Error("There is no chain.");
    const cut = async (tx: Tx) => {
      await tx.execute(sql`delete from events where id in (select event_id from event_seals where seq > 25)`);
      await tx.execute(sql`delete from event_seals where seq > 25`);
      await tx.execute(sql`update event_sealer set head_seq = 25, head_hash = (select hash from event_seals where seq = 25)`);
    };
    expect(await tampered(cut)).toBeNull();
    expect(await tampered(cut, [kept])).toBe("truncated 26");
    const anew = async (tx: Tx) => {
      await cut(tx);
      for (let n = 0; n < kept.seq; n += 1) await insertEvent(tx, { kind: "merchant.created", actor: worker, facts: { name: "Another" } });
      await sealBatch(tx, 1_000);
    };
    expect(await tampered(anew)).toBeNull();
    expect(await tampered(anew, [kept])).toBe(`replaced ${kept.seq}`);
  });

  it("nobody who lacks the key can seal what he wrote", async () => {
    const forged = chainWith(randomBytes(32));
    const reseal = async (tx: Tx) => {
      const places = await placesAfter(tx, 0, 1_000);
      let hash = (await tx.execute<{ hash: string }>(sql`select hash from event_anchors`)).rows[0]?.hash ?? "";
      for (const place of places) {
        hash = forged.link(hash, place.seq, place);
        await tx.execute(sql`update event_seals set hash = ${hash} where seq = ${place.seq}`);
      }
      await tx.execute(sql`update event_sealer set head_hash = ${hash}`);
    };
    expect(await tampered(reseal)).toBe("edited 1");
    expect((await atOneMoment((tx) => verifyChain(tx, {}, forged))).fault?.wrong).toBe("other_key");
  });

  it("a build that knows of no chain gives no places, and its events wait for one that does", async () => {
    await write(2);
    await database().execute(sql`
      with taken as (delete from unsealed_events where event_id in (select event_id from unsealed_events limit 10) returning event_id)
      insert into event_seals (event_id) select event_id from taken order by event_id`);
    expect((await database().execute(sql`select from unsealed_events`)).rows).toHaveLength(2);
    await seal();
    expect((await verify()).fault).toBeNull();
  });

  it("where the end is not what it was noted to be nothing is sealed over it, and what has a place is read as ever", async () => {
    const head = await readHead(database());
    const last = sql`(select max(seq) from event_seals)`;
    await database().execute(sql`update event_sealer set head_hash = repeat('0', 64)`);
    await write(1, "waits");
    expect(await sealWaiting()).toBe(false);
    const { next } = await readFeed(reader, { after: 0, limit: 100 });
    expect(next).toBe(head?.seq);
    await database().execute(sql`update event_sealer set head_hash = (select hash from event_seals where seq = ${last})`);
    await seal();
    expect((await verify()).fault).toBeNull();
  });
});

describe("npm run audit", () => {
  it("S-100 `verify` says whether it is whole, takes a head that was kept, and `head` is one", async () => {
    const { ok, says } = await auditCommand(["head"]);
    expect([ok, says]).toEqual([true, expect.stringMatching(/^\d+:[0-9a-f]{64} \d{4}-\d\d-\d\dT/)]);
    const [head = ""] = says.split(" ");
    expect(await auditCommand(["verify", "--head", head])).toEqual({ ok: true, says: expect.stringContaining(`The chain is whole:`) });
    const later = `${Number(head.split(":")[0]) + 1}:${head.split(":")[1]}`;
    expect(await auditCommand(["verify", "--head", later])).toEqual({
      ok: false,
      says: expect.stringContaining("this and what followed is gone"),
    });
    for (const wrong of [[], ["verify", "--head"], ["verify", "--head", "12"], ["anchor"], ["anchor", "--reason", " "], ["mend"]])
      expect(await auditCommand(wrong)).toEqual({ ok: false, says: expect.stringContaining("npm run audit -- verify") });
  });

  it("S-100 the head is told to the log once an hour, by whichever process", async () => {
    const lines: string[] = [];
    vi.mocked(process.stdout.write).mockImplementation((chunk) => lines.push(String(chunk)) > 0);
    await tellHead();
    await Promise.all([tellHead(), tellHead()]);
    await moveClock("61 minutes");
    await Promise.all([tellHead(), tellHead()]);
    const told = lines.filter((line) => line.includes('"audit_head"')).map((line) => JSON.parse(line));
    const head = await readHead(database());
    expect(told.map(({ seq, hash }) => headText({ seq, hash }))).toEqual([headText(head as Head), headText(head as Head)]);
  });

  it("P-10 `anchor` begins a new chain after what cannot be believed, says so in the audit, and leaves what was found as it is", async () => {
    const spoilt = sql`(select event_id from event_seals where seq = 4)`;
    await database().execute(sql`update events set reason = 'Something else' where id = ${spoilt}`);
    expect(await auditCommand(["verify"])).toEqual({
      ok: false,
      says: expect.stringMatching(/^BROKEN at place 4 \(event \d+\): it was edited/),
    });
    expect((await auditCommand(["anchor", "--reason", "Restored by hand, INC-7"])).ok).toBe(true);
    await seal();
    const { says, ok } = await auditCommand(["verify"]);
    expect([ok, says]).toEqual([
      true,
      expect.stringMatching(/The chain is whole: 1 entries.*"Restored by hand, INC-7"\): of what is older/s),
    ]);
    expect((await database().execute(sql`select reason from events where id = ${spoilt}`)).rows).toEqual([{ reason: "Something else" }]);
    expect((await verify()).anchor?.keyId).toBe(ourChain().keyId);
  });
});
