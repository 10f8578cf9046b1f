import { installBoss } from "@/lib/jobs/boss";
import { openLatchkey } from "@/lib/open-latchkey";
import { runCommand } from "@/lib/run-command";

await runCommand(async () => {
  await openLatchkey();
  await installBoss();
  return { ok: true, says: "The database is up to date." };
});
