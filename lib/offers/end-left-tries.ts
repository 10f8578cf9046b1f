import { database } from "@/db/client";
import { claimLeftTry, type OfferTry, type TryStep } from "@/db/offer-tries";
import { worker } from "@/lib/auth/actor";
import { type OpenIo, openIo } from "@/lib/connections/open-io";
import { unseal } from "@/lib/vault";
import { TRY_LEASE_S } from "./carry-out-try";
import { offers } from "./offers";
import { finishTry, giveBack, grantOf, tryPlace } from "./try-grant";

/** Dry runs that nobody came back from, or whose process died: given back where something was issued, and erased. */
export async function endLeftTries(open: OpenIo = openIo): Promise<void> {
  for (let row = await claimLeftTry(database(), TRY_LEASE_S); row; row = await claimLeftTry(database(), TRY_LEASE_S)) await end(row, open);
}

async function end(row: OfferTry, open: OpenIo): Promise<void> {
  const begun = row.steps.length > 0;
  const broken: TryStep = { step: begun ? "prove" : "consent", result: "bad", code: begun ? "interrupted" : "timed_out" };
  const steps = [...row.steps, broken];
  const offer = offers().find(({ slug }) => slug === row.offer);
  const value = (column: "access" | "renewal") => (row[column] === null ? null : unseal(row[column], tryPlace(row, column)));
  const grant = grantOf({ access: value("access"), renewal: value("renewal"), scopes: [], expiresAt: null });
  if (offer?.provider.kind === "redirect" && (grant.access !== null || grant.renewal !== null)) {
    const io = await open(offer, { merchantId: "", connectionId: null });
    steps.push(await giveBack(offer.provider, row, grant, io));
  }
  await finishTry(worker, row, steps);
}
