import { database } from "@/db/client";
import { findLiveSession, type LiveSession, touchSession } from "@/db/sessions";
import { clientAddress } from "@/lib/client-address";
import type { UserActor } from "./actor";
import { sessionLifetimes } from "./session-lifetimes";
import { hashToken } from "./session-token";

/** A write per request would buy nothing: idle lifetimes are counted in hours. */
const SEEN_EVERY_S = 300;

/**
 * The person behind a session's cookie, as the database knows them now. Null: no such session, it ran out, the person is disabled.
 * "no_role": signed in, and allowed nothing.
 */
export async function findActor(token: string | undefined): Promise<UserActor | "no_role" | null> {
  if (!token) return null;
  const tokenHash = hashToken(token);
  const session = await findLiveSession(database(), tokenHash);
  if (!session) return null;
  const actor = actorOf(session);
  if (!actor) return "no_role";
  const { idleS, absoluteS } = sessionLifetimes[actor.role];
  if (session.ageS >= absoluteS || session.idleS >= idleS) return null;
  if (session.idleS >= SEEN_EVERY_S) await touchSession(database(), tokenHash);
  return actor;
}

function actorOf(session: LiveSession): UserActor | null {
  const staff = session.memberships.find((membership) => membership.merchantId === null);
  const merchants = session.memberships.flatMap(({ merchantId, merchantName }) =>
    merchantId === null ? [] : [{ id: merchantId, name: merchantName ?? merchantId }],
  );
  const role = staff ? staffRole(staff.role) : merchants.length > 0 ? "merchant" : null;
  if (!role) return null;
  return {
    kind: "user",
    id: session.userId,
    name: session.name ?? session.email,
    email: session.email,
    role,
    merchants: staff ? [] : merchants,
    signedInAt: session.signedInAt,
    address: clientAddress(),
  };
}

/** A role that we do not know allows nothing. */
function staffRole(role: string): "support" | "admin" | null {
  return role === "admin" || role === "support" ? role : null;
}
