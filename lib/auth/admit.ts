import { type Tx, transaction } from "@/db/client";
import { insertEvent } from "@/db/events";
import { acceptInvitation, pendingInvitationsFor } from "@/db/invitations";
import { insertMembership, membershipsOf, replaceMemberships } from "@/db/memberships";
import { insertMerchant } from "@/db/merchants";
import { findUserByAccount, findUserByEmail, insertAccount, insertUser, lockEmail, type UserRow } from "@/db/users";
import { env } from "@/lib/env";

/** What a sign-in proved. `provider` is an issuer's address, or "email" with the address itself as the subject. */
export type Identity = {
  provider: string;
  subject: string;
  type: "email" | "oidc";
  email: string | null;
  emailProven: boolean;
  name: string | null;
};

export type Admission = { userId: string } | { refused: "no_access" | "other_way" };

/**
 * Decides who comes in, in one transaction: a known person who is not disabled; with a proven e-mail also a configured admin, a
 * person with an invitation, and anybody where signing up is open. Refused: nothing was written.
 */
export function admit(identity: Identity): Promise<Admission> {
  return transaction(async (tx) => {
    const email = identity.emailProven ? identity.email : null;
    if (email) await lockEmail(tx, email);
    const known = await findKnown(tx, identity);
    if (known) return admitKnown(tx, known, email);
    if (!email) return { refused: "no_access" };
    // The same e-mail at another provider is another person until that person says otherwise (never linked by e-mail).
    if (await findUserByEmail(tx, email)) return { refused: "other_way" };
    return admitNew(tx, identity, email);
  });
}

async function findKnown(tx: Tx, { type, provider, subject }: Identity): Promise<UserRow | null> {
  if (type === "email") return findUserByEmail(tx, subject);
  return findUserByAccount(tx, provider, subject);
}

async function admitKnown(tx: Tx, user: UserRow, provenEmail: string | null): Promise<Admission> {
  if (user.disabledAt) return { refused: "no_access" };
  if (provenEmail === user.email) {
    await acceptInvitations(tx, user);
    await promoteConfiguredAdmin(tx, user);
  }
  const memberships = await membershipsOf(tx, user.id);
  return memberships.length > 0 ? { userId: user.id } : { refused: "no_access" };
}

async function admitNew(tx: Tx, identity: Identity, email: string): Promise<Admission> {
  const configured = env().LATCHKEY_ADMINS.includes(email);
  const invitations = await pendingInvitationsFor(tx, email);
  const open = env().LATCHKEY_SIGNUP === "open";
  if (!configured && invitations.length === 0 && !open) return { refused: "no_access" };
  const user = await insertUser(tx, { email, name: identity.name });
  await insertAccount(tx, { provider: identity.provider, subject: identity.subject, type: identity.type, userId: user.id });
  await insertEvent(tx, { kind: "person.joined", actor: actorOf(user), facts: { email, by: identity.type } });
  await acceptInvitations(tx, user);
  await promoteConfiguredAdmin(tx, user);
  if (!configured && invitations.length === 0) await openMerchant(tx, user);
  return { userId: user.id };
}

async function acceptInvitations(tx: Tx, user: UserRow): Promise<void> {
  for (const invitation of await pendingInvitationsFor(tx, user.email)) {
    if (!(await acceptInvitation(tx, invitation.id, user.id))) continue;
    await insertMembership(tx, user.id, invitation.role, invitation.merchantId);
    await insertEvent(tx, {
      kind: "invitation.accepted",
      actor: actorOf(user),
      merchantId: invitation.merchantId,
      facts: { email: user.email, role: invitation.role, invitation: invitation.id },
    });
  }
}

async function promoteConfiguredAdmin(tx: Tx, user: UserRow): Promise<void> {
  if (!env().LATCHKEY_ADMINS.includes(user.email)) return;
  const before = await membershipsOf(tx, user.id);
  if (before.some(({ role }) => role === "admin")) return;
  await replaceMemberships(tx, user.id, "admin", null);
  await insertEvent(tx, {
    kind: "person.role_changed",
    actor: actorOf(user),
    facts: { email: user.email, role: "admin", by: "LATCHKEY_ADMINS" },
  });
}

async function openMerchant(tx: Tx, user: UserRow): Promise<void> {
  const name = user.name ?? user.email.split("@", 1)[0] ?? user.email;
  const merchant = await insertMerchant(tx, { name, externalId: null });
  if (!merchant) throw new Error("A merchant without an external id cannot collide.");
  await insertMembership(tx, user.id, "member", merchant.id);
  await insertEvent(tx, { kind: "merchant.created", actor: actorOf(user), merchantId: merchant.id, facts: { name } });
}

function actorOf(user: UserRow) {
  return { kind: "user", id: user.id, name: user.name ?? user.email };
}
