import { z } from "zod";
import type { Role } from "@/db/schema";

/** The three roles as people choose them. A merchant's member belongs to one merchant, staff to none. */
export const roleChoice = z
  .strictObject({ role: z.enum(["merchant", "support", "admin"]), merchantId: z.string().max(60).nullish() })
  .refine((choice) => choice.role !== "merchant" || Boolean(choice.merchantId), { path: ["merchantId"], error: "merchant" });

/** The same as it is stored. */
export function membershipFor(choice: z.output<typeof roleChoice>): { role: Role; merchantId: string | null } {
  return choice.role === "merchant" ? { role: "member", merchantId: choice.merchantId ?? null } : { role: choice.role, merchantId: null };
}
