import { database } from "@/db/client";
import { listPendingInvitations } from "@/db/invitations";
import { listMerchants } from "@/db/merchants";
import { listPeople, type PersonRow } from "@/db/people";
import type { Actor, UserActor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";

export type Person = Omit<PersonRow, "memberships"> & { role: UserActor["role"] | null; merchants: { id: string; name: string }[] };
export type Invitation = { id: string; email: string; role: UserActor["role"]; merchantName: string | null; expiresAt: Date };
export type People = { people: Person[]; invitations: Invitation[]; merchants: { id: string; name: string; externalId: string | null }[] };

/** Everybody with access, the open invitations and the merchants. */
export async function showPeople(actor: Actor): Promise<People> {
  authorize(actor, "people.manage");
  const [people, invitations, merchants] = await Promise.all([
    listPeople(database()),
    listPendingInvitations(database()),
    listMerchants(database()),
  ]);
  return {
    people: people.map(toPerson),
    invitations: invitations.map(({ id, email, role, merchantName, expiresAt }) => ({
      id,
      email,
      merchantName,
      expiresAt,
      role: chosen(role),
    })),
    merchants: merchants.map(({ id, name, externalId }) => ({ id, name, externalId })),
  };
}

const chosen = (role: "member" | "support" | "admin") => (role === "member" ? "merchant" : role);

function toPerson({ memberships, ...row }: PersonRow): Person {
  const staff = memberships.find((membership) => membership.merchantId === null);
  const merchants = memberships.flatMap(({ merchantId, merchantName }) =>
    merchantId ? [{ id: merchantId, name: merchantName ?? merchantId }] : [],
  );
  const role = staff ? chosen(staff.role) : merchants.length > 0 ? "merchant" : null;
  return { ...row, role, merchants: staff ? [] : merchants };
}
