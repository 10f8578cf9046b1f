import { restore } from "@/lib/backup/restore";
import { startFailure } from "@/lib/errors";

// npm run restore -- <file>: into an empty database only.
const [path] = process.argv.slice(2);
try {
  if (!path) throw new Error("Say from where: npm run restore -- latchkey-2026-01-31.backup");
  const { manifest, rows } = await restore(path);
  const count = Object.values(rows).reduce((sum, n) => sum + n, 0);
  process.stdout.write(
    `The database is as it was at ${manifest.takenAt}: ${count} rows of ${Object.keys(rows).length} tables, each counted.\n` +
      `What was done after that is not in it. Connections that were ended, API keys that were revoked and people whose access was taken\n` +
      `since then are as they were before: end them again before you start Latchkey for everybody. Everybody signs in anew.\n` +
      `Readers of the events' feed begin again at place ${manifest.auditHead?.seq ?? 0}.\n` +
      `Where .latchkey/audit-head is of later, say so before the start: npm run audit -- anchor --reason "restored".\n` +
      `Stores whose access was renewed since then need their owners: each merchant's people get one e-mail about all of them.\n`,
  );
} catch (error) {
  process.stderr.write(`${startFailure(error)}\n`);
  process.exitCode = 1;
}
