import type { PersonRow } from "@/db/people";
import type { UserActor } from "@/lib/auth/actor";

export type Person = Omit<PersonRow, "memberships"> & { role: UserActor["role"] | null; merchants: { id: string; name: string }[] };

export const roleShown = (role: "member" | "support" | "admin") => (role === "member" ? "merchant" : role);

export function toPerson({ memberships, ...row }: PersonRow): Person {
  const staff = memberships.find((membership) => membership.merchantId === null);
  const merchants = memberships.flatMap(({ merchantId, merchantName }) =>
    merchantId ? [{ id: merchantId, name: merchantName ?? merchantId }] : [],
  );
  const role = staff ? roleShown(staff.role) : merchants.length > 0 ? "merchant" : null;
  return { ...row, role, merchants: staff ? [] : merchants };
}
