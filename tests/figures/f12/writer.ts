import { closeDatabase, openDatabase, transaction } from "@/db/client";
import { insertEvent } from "@/db/events";
import { sealBatch } from "@/lib/audit/seal-batch";
import { drawn } from "@/tests/figures/figure";
import { chainOf } from "./chain";

// One of several processes: writes so many events in transactions of some, and seals what there is in between, as everybody does.
const { seed, number, count, mutant } = JSON.parse(process.argv[2] ?? "{}") as Record<"seed" | "number" | "count", number> & {
  mutant: string | null;
};
const chain = chainOf(mutant);
const actor = { kind: "user", id: `usr_writer${number}`, name: `Writer ${number}`, address: "203.0.113.9" };

async function write(): Promise<void> {
  for (let done = 0, turn = 0; done < count; turn += 1) {
    const many = Math.min(count - done, 1 + Math.floor(drawn(seed, number, turn) * 8));
    await transaction(async (tx) => {
      for (let n = 0; n < many; n += 1) {
        const about = {
          merchantId: `mer_${done % 50}`,
          connectionId: `con_${(done + n) % 500}`,
          reason: n % 3 === 0 ? "Asked for by phone" : null,
        };
        await insertEvent(tx, {
          kind: "connection.revoke_asked",
          actor,
          ...about,
          facts: { ticket: `SUP-${done + n}`, reach: "authorization" },
        });
      }
    });
    done += many;
    if (turn % 4 === 0) await transaction((tx) => sealBatch(tx, 500, chain));
  }
  while ((await transaction((tx) => sealBatch(tx, 500, chain))) > 0);
}

await openDatabase({ migrate: false });
process.send?.("ready");
process.once("message", async () => {
  await write();
  await closeDatabase();
  process.send?.("done");
  process.disconnect();
});
