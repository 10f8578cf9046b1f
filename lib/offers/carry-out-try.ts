import { database } from "@/db/client";
import { claimTry, findTry, keepTryGrant, type OfferTry, type TryStep } from "@/db/offer-tries";
import type { UserActor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { type OpenIo, openIo } from "@/lib/connections/open-io";
import { troubleOf } from "@/lib/connections/trouble-of";
import { notFound } from "@/lib/errors";
import { inFlight } from "@/lib/in-flight";
import type { Grant, Io, RedirectProvider } from "@/lib/providers/contract";
import { seal, unseal } from "@/lib/vault";
import { freshOffers } from "./fresh-offers";
import { offer as findOffer } from "./offers";
import { finishTry, giveBack, grantOf, tryPlace } from "./try-grant";

/** All its calls together stay inside. */
export const TRY_LEASE_S = 30;
/** How often a platform may be asked until access is there. */
const MOST_RENEWALS = 4;

/** The code for a grant, the grant renewed, proved, given back and erased: each step's result is kept, and nothing else. Once. */
export async function carryOutTry(actor: UserActor, id: string, open: OpenIo = openIo): Promise<void> {
  authorize(actor, "providers.manage");
  const asked = await findTry(database(), id);
  if (!asked || asked.userId !== actor.id) throw notFound();
  await freshOffers(0);
  const row = await claimTry(database(), id, TRY_LEASE_S);
  if (row) await inFlight(run(actor, row, open));
}

async function run(actor: UserActor, row: OfferTry, open: OpenIo): Promise<void> {
  const steps: TryStep[] = [{ step: "consent", result: "good", code: null }];
  const offer = findOffer(row.offer);
  const { provider } = offer;
  if (provider.kind !== "redirect" || offer.fingerprint !== row.offerFingerprint)
    return finishTry(actor, row, [...steps, { step: "exchange", result: "bad", code: "offer_changed" }]);
  const io = await open(offer, { merchantId: "", connectionId: null, connecting: true });
  const held: { grant: Grant | null } = { grant: null };
  const keep = async (grant: Grant) => {
    held.grant = grant;
    const sealed = (column: "access" | "renewal") => (grant[column] === null ? null : seal(grant[column], tryPlace(row, column)));
    await keepTryGrant(database(), row.id, { access: sealed("access"), renewal: sealed("renewal") }, steps);
  };
  let step: TryStep["step"] = "exchange";
  const tell = (result: TryStep["result"], code: string | null = null) => steps.push({ step, result, code });
  try {
    const first = grantOf(await provider.exchange(answerOf(row), io));
    tell("good");
    await keep(first);
    step = "renew";
    const renewed = await renewGrant(provider, first, io, keep);
    tell(renewed ? "good" : "none");
    step = "prove";
    const account = await provider.inspect(renewed ?? first, io);
    tell(account.unproved ? "none" : "good");
  } catch (error) {
    const trouble = troubleOf(error);
    if (!trouble) throw error;
    tell("bad", trouble.code);
  }
  if (held.grant) steps.push(await giveBack(provider, row, held.grant, io));
  await finishTry(actor, row, steps);
}

function answerOf(row: OfferTry) {
  const query = new URLSearchParams(row.answer === null ? "" : unseal(row.answer, tryPlace(row, "answer")));
  const verifier = row.verifier === null ? null : unseal(row.verifier, tryPlace(row, "verifier"));
  return { query, state: query.get("state") ?? "", redirectUri: row.redirectUri, verifier };
}

/** Renewed once, and until access is there; each answer is kept before the next call. Null: the platform gave nothing to renew with. */
async function renewGrant(provider: RedirectProvider, first: Grant, io: Io, keep: (grant: Grant) => Promise<void>): Promise<Grant | null> {
  let grant = first;
  if (provider.policy(grant.renewal !== null).kind === "none") return null;
  for (let count = 0; count === 0 || (grant.access === null && count < MOST_RENEWALS); count += 1) {
    const next = await provider.refresh(grant, io);
    grant = { ...grantOf(next), scopes: next.scopes ?? grant.scopes };
    await keep(grant);
  }
  return grant;
}
