import { closeDatabase } from "@/db/client";
import { startFailure } from "@/lib/errors";
import { openLatchkey } from "@/lib/open-latchkey";

try {
  await openLatchkey();
  process.stdout.write("The database is up to date.\n");
} catch (error) {
  process.stderr.write(`${startFailure(error)}\n`);
  process.exitCode = 1;
} finally {
  await closeDatabase();
}
