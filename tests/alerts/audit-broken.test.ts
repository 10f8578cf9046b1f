import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { beforeAll, expect, it, vi } from "vitest";
import { database, transaction } from "@/db/client";
import { readHead } from "@/db/event-chain";
import { insertEvent } from "@/db/events";
import { watch } from "@/lib/alerts/watch";
import { checkChain } from "@/lib/audit/check-chain";
import { headText } from "@/lib/audit/kept-head";
import { sealWaiting } from "@/lib/audit/seal-waiting";
import { tellHead } from "@/lib/audit/tell-head";
import { worker } from "@/lib/auth/actor";
import { readStanding } from "@/lib/telemetry/standing";
import { moveClock } from "@/tests/auth/people";
import { setEnv, useEnv } from "@/tests/auth/set-env";
import { useDatabase } from "@/tests/support/database";
import { BASE_URL } from "@/tests/support/platforms";
import { messages, said, told } from "./scene";

useEnv({ LATCHKEY_URL: BASE_URL });
useDatabase();
let ops: { address: string };

const write = () => transaction((tx) => insertEvent(tx, { kind: "merchant.created", actor: worker }));
const gauge = async () => (await readStanding()).find(({ name }) => name === "events_unsealed")?.values;

beforeAll(async () => {
  ops = await told({ audit_broken: 1 });
  await write();
  await sealWaiting();
});

it("S-100 what is not sealed after ten seconds is an alarm and a number, and no sooner", async () => {
  const line = vi.spyOn(process.stdout, "write").mockImplementation(() => true);
  await database().execute(sql`update event_sealer set head_hash = repeat('0', 64)`);
  await write();
  expect(await sealWaiting()).toBe(false);
  await moveClock("9 seconds");
  expect(await gauge()).toEqual([[{}, 0]]);
  await moveClock("2 seconds");
  await watch(["audit_broken"]);
  line.mockRestore();
  expect(await gauge()).toEqual([[{}, 1]]);
  expect(await said()).toEqual([`alert.opened audit_broken → ${ops.address}`, `alert.opened audit_broken → ${ops.address}`]);
  expect((await messages()).map(({ facts }) => facts.what).sort()).toEqual(["chain", "unsealed"]);
  await database().execute(sql`update event_sealer set head_hash = (select hash from event_seals order by seq desc limit 1)`);
  await sealWaiting();
  expect(await gauge()).toEqual([[{}, 0]]);
});

it("S-100 beside the embedded database the head is kept in a file, which a cut end does not move back", async () => {
  const folder = mkdtempSync(join(tmpdir(), "latchkey-head-"));
  mkdirSync(join(folder, ".latchkey"));
  const [before, line] = [process.env.DATABASE_URL, vi.spyOn(process.stdout, "write").mockImplementation(() => true)];
  const cwd = vi.spyOn(process, "cwd").mockReturnValue(folder);
  try {
    setEnv({ DATABASE_URL: undefined, LATCHKEY_AUDIT_KEY: undefined });
    const kept = () => readFileSync(join(folder, ".latchkey", "audit-head"), "utf8").split(" ")[0];
    // A key of its own is made there: with it the chain begins anew.
    expect((await checkChain())?.wrong).toBe("other_key");
    const { auditCommand } = await import("@/lib/audit/audit-command");
    await auditCommand(["anchor", "--reason", "Another key"]);
    await write();
    await sealWaiting();
    await tellHead();
    const head = await readHead(database());
    expect([kept(), await checkChain()]).toEqual([head && headText(head), null]);
    await database().execute(sql`delete from events where id = (select max(event_id) from event_seals)`);
    await database().execute(sql`delete from event_seals where seq = ${head?.seq}`);
    await database().execute(
      sql`update event_sealer set (head_seq, head_hash) = (select seq, hash from event_seals order by seq desc limit 1)`,
    );
    await tellHead();
    expect(kept()).toBe(head && headText(head));
    expect(await checkChain()).toMatchObject({ wrong: "truncated", seq: head?.seq });
  } finally {
    setEnv({ DATABASE_URL: before });
    cwd.mockRestore();
    line.mockRestore();
    rmSync(folder, { recursive: true });
  }
});
