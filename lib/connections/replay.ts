import { type Attempt, findAttempt } from "@/db/attempts";
import { database } from "@/db/client";
import { findConnection } from "@/db/connections";
import { everSettled, everTold, uncommitted } from "@/db/journal-commits";
import { findMerchant } from "@/db/merchants";
import { worker } from "@/lib/auth/actor";
import { crashPoint } from "@/lib/crash-point";
import { markOf } from "@/lib/journal/confirm";
import type { Entry, Work } from "@/lib/journal/work";
import { log } from "@/lib/log";
import { offer as findOffer } from "@/lib/offers/offers";
import type { Io, Issued, Provider } from "@/lib/providers/contract";
import { ProviderError } from "@/lib/providers/provider-error";
import { storeValues } from "./connect-with-values";
import { type OpenIo, openIo } from "./open-io";
import { recordedIo } from "./recorded-io";
import { settleIssued } from "./settle-renewal";
import { storeIssued } from "./store-issued";

/** `held`: the database has what was issued; `nothing` was; `later`: it could not be read or stored now; `foreign`: another database's. */
export type Replayed = "held" | "nothing" | "later" | "foreign";

/**
 * Carries a piece of work on that ended between its answer and its commit: its provider reads the kept answers, and what was issued is
 * stored as it would have been then. Twice is harmless: what the database has already stays as it is.
 */
export async function replay(entries: readonly Entry[], open: OpenIo = openIo): Promise<Replayed> {
  const [first] = entries;
  if (!first) return "nothing";
  const { work } = first;
  const known = await isKnown(work);
  if (known === "foreign") return known;
  // What it came to may be over by now: it is not brought back to life.
  if (work.kind !== "renewal" && known !== null && known !== "gone" && (await isCommitted(work))) return "held";
  // Else a token that was replaced long since would be kept beside the row, and tried before its owner is asked.
  if (work.kind === "renewal" && (await everSettled(database(), work.connectionId, work.epoch))) return "held";
  const { provider, ...offer } = findOffer(work.offer);
  const last = entries.at(-1) ?? first;
  const answers = [...entries].sort((a, b) => a.step - b.step).map(({ answer }) => answer);
  const real = () => open({ ...offer, provider }, { merchantId: work.merchantId, connectionId: null, background: true });
  const { io, unanswered } = recordedIo(answers, new Date(last.atMs), real);
  let issued: Issued;
  try {
    issued = await readAgain(work, provider, io);
    crashPoint("replay.read");
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    return unanswered() ? "later" : "nothing";
  }
  if (issued.access === null && issued.renewal === null) return "nothing";
  await store(work, provider, issued, known === "gone" ? null : known, io);
  log.info("answer_replayed", { kind: work.kind, offer: work.offer, connection: work.kind === "renewal" ? work.connectionId : null });
  return (await isCommitted(work)) ? "held" : "later";
}

const isCommitted = async (work: Work): Promise<boolean> => (await uncommitted(database(), [markOf(work)])).size === 0;

/** The attempt that it belongs to, where there is one; `gone`: it, or the connection, was here and is not any more. */
async function isKnown(work: Work): Promise<Attempt | "gone" | "foreign" | null> {
  if (work.kind === "renewal") {
    if (await findConnection(database(), work.connectionId)) return null;
    return (await everTold(database(), { connection: work.connectionId })) ? "gone" : "foreign";
  }
  const attempt = await findAttempt(database(), work.attemptId);
  if (attempt) return attempt;
  // Values are sent before anything is written: only whom they are for is known.
  if (work.kind === "values") return (await findMerchant(database(), work.merchantId)) ? null : "foreign";
  return (await everTold(database(), { attempt: work.attemptId })) ? "gone" : "foreign";
}

function readAgain(work: Work, reader: Provider, io: Io): Promise<Issued> {
  if (work.kind === "renewal") return reader.refresh(work.grant, io);
  if (work.kind === "exchange") {
    if (reader.kind !== "redirect") throw new ProviderError("operator", "offer_changed");
    const query = new URLSearchParams(work.consent.query);
    return reader.exchange({ ...work.consent, query, state: query.get("state") ?? "" }, io);
  }
  if (work.way === "adopt") return reader.adopt.issue(work.values, io);
  if (reader.kind !== "credentials") throw new ProviderError("operator", "offer_changed");
  return reader.exchange(work.values, io);
}

async function store(work: Work, provider: Provider, issued: Issued, attempt: Attempt | null, io: Io): Promise<void> {
  if (work.kind === "values")
    return void (await storeValues(work.actor, { ...work, offer: findOffer(work.offer) }, work.attemptId, issued));
  if (work.kind === "exchange") {
    const { attemptId: id, offer, merchantId } = work;
    return void (await storeIssued(worker, attempt ?? { id, offer, merchantId, label: null }, issued));
  }
  const row = await findConnection(database(), work.connectionId);
  if (!row) return log.warn("answer_without_a_row", { connection: work.connectionId, offer: work.offer });
  await settleIssued(worker, { ...row, leaseId: work.leaseId, epoch: work.epoch }, issued, provider, io.now());
}
