import { createHash } from "node:crypto";
import { database } from "@/db/client";
import { insertSignInLink } from "@/db/sign-in-links";
import { env } from "@/lib/env";
import { returnPath } from "./return-path";
import { newToken } from "./session-token";

export const signInLinkLifeS = 15 * 60;

/** As next-auth hashes it: the links that it makes and those of the command line are looked up alike. */
export function hashSignInToken(token: string): string {
  return createHash("sha256").update(`${token}${env().AUTH_SECRET}`).digest("hex");
}

/** The address of the page with the button; opening it spends nothing. */
export function signInLinkUrl(email: string, token: string, to?: string): string {
  const query = new URLSearchParams({ email, token });
  if (to && returnPath(to) !== "/") query.set("to", to);
  return `${env().LATCHKEY_URL}/sign-in/link?${query}`;
}

/** A single-use link for this address, good for 15 minutes. Who may have one is the caller's to decide. */
export async function makeSignInLink(email: string): Promise<string> {
  const token = newToken();
  await insertSignInLink(database(), { identifier: email, tokenHash: hashSignInToken(token) }, signInLinkLifeS);
  return signInLinkUrl(email, token);
}
