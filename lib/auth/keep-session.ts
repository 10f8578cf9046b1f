import { transaction } from "@/db/client";
import { insertEvent } from "@/db/events";
import { insertSession } from "@/db/sessions";
import { findUser } from "@/db/users";
import { clientAddress } from "@/lib/client-address";
import { longestSessionS } from "./session-lifetimes";
import { hashToken } from "./session-token";

/** Somebody has proved who they are: from now on this token is theirs, which is told. */
export function keepSession(token: string, userId: string): Promise<void> {
  return transaction(async (tx) => {
    await insertSession(tx, hashToken(token), userId, longestSessionS);
    const user = await findUser(tx, userId);
    const name = user?.name ?? user?.email ?? userId;
    const actor = { kind: "user", id: userId, name, address: clientAddress() };
    await insertEvent(tx, { kind: "person.signed_in", actor, facts: { email: user?.email ?? null } });
  });
}
