import { z } from "zod";
import type { Role } from "@/db/schema";

/**
 * The three roles as people choose them. A merchant's member belongs to one merchant, which goes by an id or a name that is its alone;
 * staff belong to none.
 */
export const roleChoice = z
  .strictObject({ role: z.enum(["merchant", "support", "admin"]), merchantId: z.string().trim().max(200).nullish() })
  .refine((choice) => choice.role !== "merchant" || Boolean(choice.merchantId), { path: ["merchantId"], error: "merchant" });

/** The same as it is stored; `merchant` is what somebody called it. */
export function membershipFor(choice: z.output<typeof roleChoice>): { role: Role; merchant: string | null } {
  return choice.role === "merchant" ? { role: "member", merchant: choice.merchantId ?? null } : { role: choice.role, merchant: null };
}
