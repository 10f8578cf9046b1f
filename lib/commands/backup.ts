import { backUp } from "@/lib/backup/back-up";
import { runCommand } from "@/lib/run-command";

// npm run backup -- <file>
const [path] = process.argv.slice(2);
await runCommand(async () => {
  if (!path) throw new Error("Say where to: npm run backup -- latchkey-2026-01-31.backup");
  const { takenAt, rows, keys, bytes, auditHead } = await backUp(path);
  const count = Object.values(rows).reduce((sum, n) => sum + n, 0);
  const says = [
    `${path} holds ${count} rows of ${Object.keys(rows).length} tables as of ${takenAt} (${bytes} bytes, its owner alone may read it).`,
    `To restore it takes the keys ${keys.join(", ")} of LATCHKEY_KEYS, and LATCHKEY_AUDIT_KEY. They are not in it: keep them somewhere else.`,
    ...(auditHead ? [`The audit's chain ends there at ${auditHead}`] : []),
  ];
  return { ok: true, says: says.join("\n") };
});
