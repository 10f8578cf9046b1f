import { createTransport } from "nodemailer";
import { env } from "@/lib/env";

export type Mail = { to: string; subject: string; text: string; html: string; headers?: Record<string, string> };

/** How mail leaves: by SMTP; without it, printed by the server in development and in the demo; else not at all. */
export function mailWay(): "smtp" | "print" | null {
  const { SMTP_URL, NODE_ENV, LATCHKEY_DEMO } = env();
  if (SMTP_URL) return "smtp";
  return NODE_ENV !== "production" || LATCHKEY_DEMO ? "print" : null;
}

/** Sends one mail; `printed` is the line that stands for it where there is no SMTP. Throws when the server does not take it. */
export async function sendMail(mail: Mail, printed: string): Promise<void> {
  const way = mailWay();
  if (way === "print") process.stdout.write(`${printed}\n`);
  if (way !== "smtp") return;
  const { SMTP_URL, MAIL_FROM } = env();
  const transport = createTransport({
    url: SMTP_URL,
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 20_000,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  // As an object, an address is never read as several.
  await transport.sendMail({ ...mail, to: { name: "", address: mail.to }, from: MAIL_FROM }).finally(() => transport.close());
}
