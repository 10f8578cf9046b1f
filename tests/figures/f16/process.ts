import { createHash, randomBytes } from "node:crypto";
import { mkdirSync, openSync, writeSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { database, openDatabase } from "@/db/client";
import { openCluster } from "@/db/embedded";
import { newId } from "@/db/new-id";
import { workers } from "@/db/schema";
import { beat } from "@/db/workers";
import { thisOwner } from "@/lib/journal/owner";
import { createSlots } from "@/lib/journal/slots";
import type { Ordered, Told } from "./order";

// One process on the product's own cluster, as any of its processes is: it joins or starts it, and writes until it is killed.
const { root, acknowledged, mutant } = JSON.parse(process.argv[2] ?? "{}") as Ordered;
process.stdout.write = (() => true) as typeof process.stdout.write;

if (mutant === "unflushed") {
  const file = await open("/dev/null");
  Object.getPrototypeOf(file).datasync = async () => undefined;
  await file.close();
}

const { url } = await openCluster({ root });
process.env.DATABASE_URL = mutant === "lazy" ? `${url}&options=${encodeURIComponent("-c synchronous_commit=off")}` : url;
await openDatabase();

const folder = join(root, "journal");
mkdirSync(folder, { recursive: true });
const slots = await createSlots(join(folder, `${newId("run")}.journal`), thisOwner());
const file = openSync(acknowledged, "a");
/** Written when the answer is there, and not before. */
const acknowledge = (what: string) => void writeSync(file, `${what}\n`);

async function commit(): Promise<void> {
  const id = newId("row");
  if (mutant === "early") acknowledge(`row ${id}`);
  await beat(database(), id, "worker");
  if (mutant !== "early") acknowledge(`row ${id}`);
}

async function keep(): Promise<void> {
  const text = randomBytes(1_500).toString("base64url");
  await slots.write(await slots.take(), text);
  acknowledge(`entry ${createHash("sha256").update(text).digest("hex")}`);
}

async function times(many: number, work: () => Promise<void>): Promise<string> {
  for (let time = 0; time < many; time += 1) await work();
  return "done";
}

const rows = async () => (await database().select({ id: workers.id }).from(workers)).map(({ id }) => id);
const answer = (work: Promise<unknown>) => void work.then((said) => process.send?.(said));

process.on("message", (told: Told) => {
  if (told === "rows") return answer(rows());
  if (told !== "write") return answer("entries" in told ? times(told.entries, keep) : times(told.commits, commit));
  // A server that is killed takes its answers with it: what was not answered is not acknowledged. An entry takes 256 KiB.
  void times(Number.POSITIVE_INFINITY, commit).catch(() => undefined);
  void times(64, keep).catch(() => undefined);
});
process.on("disconnect", () => process.exit(1));
process.send?.("ready");
