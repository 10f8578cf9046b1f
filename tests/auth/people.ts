import { sql } from "drizzle-orm";
import { database, transaction } from "@/db/client";
import { insertMembership } from "@/db/memberships";
import { insertMerchant } from "@/db/merchants";
import type { Role } from "@/db/schema";
import { insertSession } from "@/db/sessions";
import { insertUser } from "@/db/users";
import type { UserActor } from "@/lib/auth/actor";
import { longestSessionS } from "@/lib/auth/session-lifetimes";
import { hashToken, newToken } from "@/lib/auth/session-token";
import { keepSecret } from "@/tests/leaks/run-folder";
import { empty } from "@/tests/support/empty";

export async function makeMerchant(name = "Nile Books"): Promise<string> {
  const merchant = await transaction((tx) => insertMerchant(tx, { name, externalId: null }));
  if (!merchant) throw new Error("no merchant");
  return merchant.id;
}

/** A person with a role, and the cookie of a session of theirs. */
export async function makePerson(
  email: string,
  role: Role | null = "admin",
  merchantId: string | null = null,
): Promise<{ id: string; token: string }> {
  const id = await transaction(async (tx) => {
    const user = await insertUser(tx, { email, name: null });
    if (role) await insertMembership(tx, user.id, role, merchantId);
    return user.id;
  });
  const token = keepSecret("session", newToken());
  await insertSession(database(), hashToken(token), id, longestSessionS);
  return { id, token };
}

export const asActor = (id: string, role: UserActor["role"] = "admin"): UserActor => ({
  kind: "user",
  id,
  name: "Amal",
  email: "amal@company.example",
  role,
  merchants: [],
  signedInAt: new Date(),
});

export async function moveClock(ahead: string): Promise<void> {
  await database().execute(sql`update clock set ahead = ahead + ${ahead}::interval`);
}

export async function resetClock(): Promise<void> {
  await database().execute(sql`update clock set ahead = '0'`);
  // A sign of life from a day that is yet to come would hide for as long that nobody works.
  await database().execute(sql`delete from workers where seen_at > app_now()`);
}

export async function eventKinds(): Promise<string[]> {
  const rows = await database().execute<{ kind: string }>(sql`select kind from events order by id`);
  return rows.rows.map((row) => row.kind);
}

/** With all that hangs on them. */
export const emptyPeople = (): Promise<void> =>
  empty("users", "accounts", "sessions", "memberships", "invitations", "verification_tokens", "merchants", "events");
