import { restore } from "@/lib/backup/restore";
import { runCommand } from "@/lib/run-command";

// npm run restore -- <file>: into an empty database only.
const [path] = process.argv.slice(2);
await runCommand(async () => {
  if (!path) throw new Error("Say from where: npm run restore -- latchkey-2026-01-31.backup");
  const { manifest, rows } = await restore(path);
  const count = Object.values(rows).reduce((sum, n) => sum + n, 0);
  return {
    ok: true,
    says: `The database is as it was at ${manifest.takenAt}: ${count} rows of ${Object.keys(rows).length} tables, each counted.
What was done after that is not in it. Connections that were ended, API keys that were revoked and people whose access was taken
since then are as they were before: end them again before you start Latchkey for everybody. Everybody signs in anew.
Readers of the events' feed begin again at place ${manifest.auditHead?.seq ?? 0}.
Where .latchkey/audit-head is of later, say so before the start: npm run audit -- anchor --reason "restored".
Stores whose access was renewed since then need their owners: each merchant's people get one e-mail about all of them.`,
  };
});
