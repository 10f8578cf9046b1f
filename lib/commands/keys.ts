import { parseArgs } from "node:util";
import { closeDatabase } from "@/db/client";
import { startFailure } from "@/lib/errors";
import { openLatchkey } from "@/lib/open-latchkey";
import { addKey } from "@/lib/rotation/add-key";
import { listKeys } from "@/lib/rotation/list-keys";
import { promoteKey } from "@/lib/rotation/promote-key";
import { reencrypt } from "@/lib/rotation/reencrypt";
import { retireKey } from "@/lib/rotation/retire-key";
import { flushSealings, startTelling, stopTelling } from "@/lib/rotation/tell-ring";
import { refused, type Told } from "@/lib/rotation/told";

const USAGE = `npm run keys -- list                         which keys there are, and how many values each has sealed
npm run keys -- add                          makes a key that opens and does not seal yet
npm run keys -- promote k2                   lets it seal, once every process holds it
npm run keys -- reencrypt [--per-second 500] seals anew whatever another key has sealed; goes on where it was broken off
npm run keys -- retire k1                    lets a key go that nothing needs any more`;

const say = (line: string): void => void process.stderr.write(`${line}\n`);

async function work(verb: string, id: string, perSecond: number): Promise<Told> {
  if (verb !== "reencrypt") {
    await openLatchkey({ seals: false });
    if (verb === "list") return listKeys();
    if (verb === "add") return addKey();
    return verb === "promote" ? promoteKey(id) : retireKey(id);
  }
  await openLatchkey();
  const own = await startTelling("command");
  return reencrypt({ perSecond, say }, own).finally(stopTelling);
}

async function main(): Promise<Told> {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { "per-second": { type: "string", default: "500" } } });
  const [verb = "", id = "", ...rest] = positionals;
  const perSecond = Number(values["per-second"]);
  const named = ["promote", "retire"].includes(verb);
  const known = named || ["list", "add", "reencrypt"].includes(verb);
  if (!known || named !== (id !== "") || rest.length > 0 || !(perSecond > 0)) return refused(USAGE);
  return work(verb, id, perSecond);
}

// npm run keys -- <verb>: whoever has the shell has the keys. What is said goes to where errors go, so that a line of keys stands alone.
try {
  const { ok, says, line } = await main();
  say(says);
  if (line !== undefined) process.stdout.write(`${line}\n`);
  if (!ok) process.exitCode = 1;
  await flushSealings();
} catch (error) {
  say((error as { code?: string }).code?.startsWith("ERR_PARSE_ARGS") ? USAGE : startFailure(error));
  process.exitCode = 1;
} finally {
  await closeDatabase();
}
