import { closeDatabase } from "@/db/client";
import { shellSignInLink } from "@/lib/auth/shell-sign-in-link";
import { startFailure } from "@/lib/errors";
import { openLatchkey } from "@/lib/open-latchkey";

// npm run sign-in-link -- <e-mail>: shell access is the proof.
try {
  await openLatchkey();
  const { ok, says } = await shellSignInLink(process.argv[2]);
  (ok ? process.stdout : process.stderr).write(`${says}\n`);
  if (!ok) process.exitCode = 1;
} catch (error) {
  process.stderr.write(`${startFailure(error)}\n`);
  process.exitCode = 1;
} finally {
  await closeDatabase();
}
