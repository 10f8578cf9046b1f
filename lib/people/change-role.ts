import { z } from "zod";
import { transaction } from "@/db/client";
import { insertEvent } from "@/db/events";
import { membershipsOf, replaceMemberships } from "@/db/memberships";
import { findMerchantCalled } from "@/db/merchants";
import { findUser } from "@/db/users";
import type { Actor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { env } from "@/lib/env";
import { AppError, notFound } from "@/lib/errors";
import { keepAnAdmin } from "./keep-an-admin";
import { parseInput } from "./parse-input";
import { membershipFor, roleChoice } from "./role-of";

const schema = roleChoice.safeExtend({ userId: z.string().max(60) });

/** The new role replaces all that the person was, and counts from their next request. */
export async function changeRole(actor: Actor, input: unknown): Promise<void> {
  authorize(actor, "people.manage");
  const { userId, ...choice } = parseInput(schema, input);
  const { role, merchant: called } = membershipFor(choice);
  await transaction(async (tx) => {
    const user = await findUser(tx, userId);
    if (!user) throw notFound();
    const merchantId = called === null ? null : ((await findMerchantCalled(tx, called))?.id ?? null);
    if (called !== null && merchantId === null) throw new AppError("merchant", 422);
    if (role !== "admin") {
      // Their next sign-in would make them an admin again.
      if (env().LATCHKEY_ADMINS.includes(user.email)) throw new AppError("admin_by_configuration", 409);
      await keepAnAdmin(tx, userId);
    }
    const before = await membershipsOf(tx, userId);
    await replaceMemberships(tx, userId, role, merchantId);
    const was = before.map((membership) => membership.role).join(" ") || null;
    await insertEvent(tx, { kind: "person.role_changed", actor, merchantId, facts: { person: userId, email: user.email, role, was } });
  });
}
