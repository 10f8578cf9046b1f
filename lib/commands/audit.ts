import { auditCommand } from "@/lib/audit/audit-command";
import { openLatchkey } from "@/lib/open-latchkey";
import { runCommand } from "@/lib/run-command";

// npm run audit -- verify|head|anchor
await runCommand(async () => {
  await openLatchkey();
  return auditCommand(process.argv.slice(2));
});
