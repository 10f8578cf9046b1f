import { closeDatabase } from "@/db/client";
import { auditCommand } from "@/lib/audit/audit-command";
import { startFailure } from "@/lib/errors";
import { openLatchkey } from "@/lib/open-latchkey";

// npm run audit -- verify|head|anchor
try {
  await openLatchkey();
  const { ok, says } = await auditCommand(process.argv.slice(2));
  (ok ? process.stdout : process.stderr).write(`${says}\n`);
  if (!ok) process.exitCode = 1;
} catch (error) {
  process.stderr.write(`${startFailure(error)}\n`);
  process.exitCode = 1;
} finally {
  await closeDatabase();
}
