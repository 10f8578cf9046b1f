import { database } from "@/db/client";
import { findUserByEmail } from "@/db/users";
import { emailAddress } from "./email-address";
import { firstAdminLink } from "./first-admin";
import { mayComeIn } from "./may-come-in";
import { makeSignInLink } from "./sign-in-link";

/** A sign-in link for whoever has a shell on this machine, or the sentence that says why there is none. Needs an open database. */
export async function shellSignInLink(text: string | undefined): Promise<{ ok: boolean; says: string }> {
  const email = emailAddress(text);
  if (!email) return { ok: false, says: "Say whose link it is: npm run sign-in-link -- person@company.example" };
  const first = await firstAdminLink(email);
  if (first) return { ok: true, says: `There is nobody yet. Opens once, within a day, and makes its opener the first admin:\n${first}` };
  if (await mayComeIn(email)) return { ok: true, says: `Opens once, within 15 minutes, as ${email}:\n${await makeSignInLink(email)}` };
  if (await findUserByEmail(database(), email)) return { ok: false, says: `${email} is disabled. An admin can enable people on /people.` };
  return { ok: false, says: `${email} is not known here. An admin can invite people on /people, or name the address in LATCHKEY_ADMINS.` };
}
