import { closeDatabase } from "@/db/client";
import { startFailure } from "@/lib/errors";
import { installBoss } from "@/lib/jobs/boss";
import { openLatchkey } from "@/lib/open-latchkey";

try {
  await openLatchkey();
  await installBoss();
  process.stdout.write("The database is up to date.\n");
} catch (error) {
  process.stderr.write(`${startFailure(error)}\n`);
  process.exitCode = 1;
} finally {
  await closeDatabase();
}
