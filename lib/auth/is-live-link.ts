import { database } from "@/db/client";
import { hasSignInLink } from "@/db/sign-in-links";
import { hashSignInToken } from "./sign-in-link";

/** Whether a mailed link would still do; looking spends nothing. */
export function isLiveLink(email: string, token: string): Promise<boolean> {
  return hasSignInLink(database(), { identifier: email, tokenHash: hashSignInToken(token) });
}
