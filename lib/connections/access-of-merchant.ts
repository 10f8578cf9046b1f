import { findForMerchant } from "@/db/access";
import type { KeyActor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { AppError, notFound } from "@/lib/errors";
import { access } from "./access";
import type { Handed } from "./access-hand-out";
import type { Wish } from "./access-wish";
import { type OpenIo, openIo } from "./open-io";

/** So many are named where more than one would do. */
const NAMED = 20;

/**
 * Access by whose it is: a merchant, by our id or the company's own, and a platform. Where several connections live, nobody chooses for the
 * caller: AppError 409 `ambiguous` names them. Where none does, the last one says why.
 */
export async function accessOfMerchant(
  actor: KeyActor,
  merchant: string,
  offer: string,
  wish: Wish,
  open: OpenIo = openIo,
): Promise<Handed> {
  const found = await findForMerchant(merchant, offer, NAMED);
  const [first] = found;
  if (!first) {
    authorize(actor, "access.read");
    throw notFound();
  }
  authorize(actor, "access.read", { merchantId: first.merchantId, offer });
  const living = found.filter(({ live }) => live);
  if (living.length > 1) throw new AppError("ambiguous", 409, { connections: living.map(({ id }) => id).join(" ") });
  return access(actor, first.id, wish, open);
}
