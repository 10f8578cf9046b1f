import { type Mail, mailWay, sendMail } from "@/lib/mail/send-mail";
import { within } from "@/lib/within";
import type { Outcome } from "./outcome";

const LONGEST_MS = 60_000;
const AFTER_TALKING = ["EENVELOPE", "EMESSAGE"];

/** Hands a mail to the server that takes ours. What that server refuses for good (5xx, RFC 5321 section 4.2.1) is not sent again. */
export async function sendMailMessage(mail: Mail): Promise<Outcome> {
  const way = mailWay();
  if (!way) return { kind: "dropped", result: "no_mail_way" };
  const [, link = ""] = /\n\n(https?:\S+)/.exec(mail.text) ?? [];
  try {
    await within(LONGEST_MS, sendMail(mail, `Mail for ${mail.to}: ${mail.subject} ${link}`.trim()));
    return { kind: "delivered", result: way === "smtp" ? "accepted" : "printed" };
  } catch (error) {
    return failure(error);
  }
}

function failure(error: unknown): Outcome {
  const { code, responseCode } = error as { code?: unknown; responseCode?: unknown };
  const talked = typeof code === "string" && AFTER_TALKING.includes(code);
  if (typeof responseCode === "number") return { kind: "failed", result: `mail_${responseCode}`, final: talked && responseCode >= 500 };
  return { kind: "failed", result: "mail_server_silent" };
}
