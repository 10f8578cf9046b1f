import { shellSignInLink } from "@/lib/auth/shell-sign-in-link";
import { openLatchkey } from "@/lib/open-latchkey";
import { runCommand } from "@/lib/run-command";

// npm run sign-in-link -- <e-mail>: shell access is the proof.
await runCommand(async () => {
  await openLatchkey();
  return shellSignInLink(process.argv[2]);
});
