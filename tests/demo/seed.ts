import { eq } from "drizzle-orm";
import { database, type Tx, transaction } from "@/db/client";
import { insertEvent } from "@/db/events";
import { insertInvitation, pendingInvitationsFor } from "@/db/invitations";
import { insertMerchant } from "@/db/merchants";
import { accounts, merchants, type Role } from "@/db/schema";
import { findUserByEmail } from "@/db/users";

const actor = { kind: "system", id: "command", name: "Demo" };

const guests: { email: string; role: Role; merchant: { name: string; externalId: string } | null }[] = [
  { email: "mona@riyadh-shop.example", role: "member", merchant: { name: "Riyadh Trading", externalId: "demo-riyadh" } },
  { email: "yusuf@jeddah-shop.example", role: "member", merchant: { name: "Jeddah Books", externalId: "demo-jeddah" } },
  { email: "sara@latchkey.example", role: "support", merchant: null },
];

/** Two merchants and an invitation for everybody but the admin, whom LATCHKEY_ADMINS lets in; in the open database. Safe to repeat. */
export async function seed(issuer: string): Promise<void> {
  for (const { email, role, merchant } of guests) {
    await transaction(async (tx) => {
      const merchantId = merchant && (await merchantWith(tx, merchant));
      if ((await findUserByEmail(tx, email)) || (await pendingInvitationsFor(tx, email)).length > 0) return;
      await insertInvitation(tx, { email, role, merchantId, invitedBy: actor.id }, 365);
      await insertEvent(tx, { kind: "invitation.created", actor, merchantId, facts: { email, role } });
    });
  }
  // The identity provider is the same one on whatever port it lives this time.
  await database().update(accounts).set({ provider: issuer }).where(eq(accounts.type, "oidc"));
}

async function merchantWith(tx: Tx, merchant: { name: string; externalId: string }): Promise<string> {
  const [known] = await tx.select({ id: merchants.id }).from(merchants).where(eq(merchants.externalId, merchant.externalId));
  if (known) return known.id;
  const made = await insertMerchant(tx, merchant);
  if (!made) throw new Error(`The merchant ${merchant.externalId} is being made elsewhere`);
  await insertEvent(tx, { kind: "merchant.created", actor, merchantId: made.id, facts: { name: made.name } });
  return made.id;
}
