import { database } from "@/db/client";
import { type KeptNotice, keepNotice } from "@/db/notices";
import { crashPoint, crossing } from "@/lib/crash-point";
import { env } from "@/lib/env";
import { inFlight } from "@/lib/in-flight";
import { log } from "@/lib/log";
import type { Offer } from "@/lib/offers/offer";
import { offers } from "@/lib/offers/offers";
import type { Notice } from "@/lib/providers/contract";
import { ProviderError } from "@/lib/providers/provider-error";
import { countNotice } from "@/lib/telemetry/metrics";
import { type OpenIo, openIo } from "./open-io";
import { takeNotice } from "./take-notice";

const MOST_BYTES = 65_536;
/** Of one offer, not done yet. */
const MOST_WAITING = 1_000;
/** Platforms repeat a delivery for three days at most: what is older has been sent before, by somebody who kept it. */
const OLDEST_DAYS = 7;
/** Taken up at once, without the job; in a flood the rest is the job's. */
const MOST_AT_ONCE = 4;

type Message = { headers: Headers; body: ReadableStream<Uint8Array> | null };

/** What is counted, and whoever sent it is not told. */
type Became = KeptNotice["kind"] | "unused" | "forged" | "too_large";
export type Received = "done" | "unknown" | "refused" | "too_large" | "full";

const answers: Record<Became, Received> = {
  kept: "done",
  known: "done",
  unused: "done",
  old: "refused",
  forged: "refused",
  too_large: "too_large",
  full: "full",
};

let inHand = 0;

/**
 * What a platform sends to an offer's address. Once it is known to be the platform's it is kept before it is acknowledged, and taken up
 * while the answer is on its way.
 */
export async function receiveNotice(slug: string, message: Message, open: OpenIo = openIo): Promise<Received> {
  const offer = offers().find((candidate) => candidate.slug === slug);
  if (!offer?.provider.notice) return "unknown";
  const became = await receive(offer, message, open);
  countNotice(slug, became);
  return answers[became];
}

async function receive(offer: Offer, { headers, body }: Message, open: OpenIo): Promise<Became> {
  const bytes = Number(headers.get("content-length") ?? 0) > MOST_BYTES ? null : await readBounded(body);
  if (bytes === null) return "too_large";
  const notice = read(offer, headers, bytes);
  if (notice === "forged" || notice === "unused") return notice;
  const { at, ...what } = notice;
  const kept = await crossing("notice.keep", () =>
    keepNotice(database(), { offer: offer.slug, ...what, happenedAt: at }, { most: MOST_WAITING, oldestDays: OLDEST_DAYS }),
  );
  log.info("notice_received", { offer: offer.slug, kind: notice.kind, outcome: kept.kind });
  if (kept.kind === "kept") {
    crashPoint("notice.stored");
    if (inHand < MOST_AT_ONCE) void takeUp(kept.id, open);
  }
  return kept.kind;
}

function read({ slug, provider }: Offer, headers: Headers, body: Uint8Array): Notice | "unused" | "forged" {
  try {
    return provider.notice?.({ url: `${env().LATCHKEY_URL}/api/webhooks/${slug}`, headers, body }) ?? "unused";
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    log.warn("notice_refused", { offer: slug, cause: error.code });
    return "forged";
  }
}

async function takeUp(id: string, open: OpenIo): Promise<void> {
  inHand += 1;
  await inFlight(takeNotice(id, open))
    .catch((error: unknown) => log.error("notice_not_taken", error))
    .finally(() => {
      inHand -= 1;
    });
}

/** Null where it is too large; the rest of it is not read. */
async function readBounded(body: Message["body"]): Promise<Uint8Array | null> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.byteLength;
    if (size > MOST_BYTES) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
