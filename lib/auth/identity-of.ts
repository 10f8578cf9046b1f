import type { Account, Profile, User } from "next-auth";
import type { Identity } from "./admit";
import { emailAddress } from "./email-address";

/** What next-auth verified, in our words. Null where it is not usable: no subject, or a kind of sign-in that we do not offer. */
export function identityOf(account: Account, user: User, profile: Profile | undefined, issuer: string | undefined): Identity | null {
  if (account.type === "email") {
    const email = emailAddress(account.providerAccountId);
    return email === null ? null : { provider: "email", subject: email, type: "email", email, emailProven: true, name: user.name ?? null };
  }
  if (account.type !== "oidc" || !issuer || !account.providerAccountId) return null;
  const told: Record<string, unknown>[] = [{ ...profile }, idTokenClaims(account.id_token)];
  // An address and the word on it must come from the same source.
  const claims = told.find((source) => source.email !== undefined) ?? {};
  const name = told.map((source) => source.name).find((value) => typeof value === "string");
  return {
    provider: issuer,
    subject: account.providerAccountId,
    type: "oidc",
    email: emailAddress(claims.email),
    // Only the issuer's own word counts, and only as the boolean of the standard.
    emailProven: claims.email_verified === true,
    name: typeof name === "string" ? name.trim().slice(0, 200) || null : null,
  };
}

/** next-auth has checked the signature, issuer, audience and nonce by now; this only reads. */
function idTokenClaims(idToken: string | undefined): Record<string, unknown> {
  const body = idToken?.split(".")[1];
  return body ? JSON.parse(Buffer.from(body, "base64url").toString("utf8")) : {};
}
