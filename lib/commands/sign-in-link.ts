import { closeDatabase, openDatabase } from "@/db/client";
import { shellSignInLink } from "@/lib/auth/shell-sign-in-link";

// npm run sign-in-link -- <e-mail>: shell access is the proof.
await openDatabase();
try {
  const { ok, says } = await shellSignInLink(process.argv[2]);
  (ok ? process.stdout : process.stderr).write(`${says}\n`);
  if (!ok) process.exitCode = 1;
} finally {
  await closeDatabase();
}
