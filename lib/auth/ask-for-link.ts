import { database } from "@/db/client";
import { countSignInLinks } from "@/db/sign-in-links";
import { log } from "@/lib/log";
import { mailWay } from "@/lib/mail/send-mail";
import { emailAddress } from "./email-address";
import { signIn } from "./next-auth";
import { returnPath } from "./return-path";

/** Links of one address that may be good at the same time. More would only fill the mailbox: any of these still works. */
const LINKS_AT_ONCE = 5;

/** Asks for a mailed link. "sent" says that the request was taken, and never whether the address is known. */
export async function askForLink(input: { email: unknown; to: unknown }): Promise<"sent" | "not_an_address" | "no_mail"> {
  if (!mailWay()) return "no_mail";
  const email = emailAddress(input.email);
  if (!email) return "not_an_address";
  if ((await countSignInLinks(database(), email)) >= LINKS_AT_ONCE) log.warn("sign_in_links_exhausted");
  else await signIn("email", { email, redirectTo: returnPath(input.to), redirect: false });
  return "sent";
}
