import { deadline } from "@/lib/deadline";
import { AppError } from "@/lib/errors";
import type { Passed, PassedAnswer } from "@/lib/http";
import { inFlight } from "@/lib/in-flight";
import { log } from "@/lib/log";
import type { Offer } from "@/lib/offers/offer";
import { ProviderError } from "@/lib/providers/provider-error";
import { observedCall } from "@/lib/telemetry/observed-call";
import type { CallBody } from "./call-body";
import { heedAnswer } from "./heed-answer";
import type { Held } from "./held-access";
import { noteCall } from "./note-call";
import { type Times, takeTurn } from "./take-turn";

/** From the first byte that leaves to the last that comes. */
const CALL_MS = 60_000;

export type Call = {
  offer: Offer;
  connectionId: string;
  keyId: string;
  method: string;
  target: string;
  /** What of the target was asked for: without the platform's own address and without a query. */
  path: string;
  /** What it is to be made with; `still` says at the last moment what that is by then. */
  held: Held;
  still: (held: Held) => Promise<Held>;
  /** The caller's own, and what is attached to them. */
  headers: (attached: Held["headers"]) => Record<string, string>;
  body: CallBody;
  /** The caller has gone away. */
  gone: AbortSignal;
};

export type Ways = Times & { pass: (url: string, call: Passed) => Promise<PassedAnswer>; callMs?: number };

/** `end` is to be called once, when the answer's body is done with: what the platform counts as one call lasts until then. */
export type Sent = { answer: PassedAnswer; held: Held; end: (how: "gone" | "cut" | null) => Promise<void> };

/** One call to a platform, in its turn and written down. Throws AppError where there is no answer. */
export async function sendCall(call: Call, { pass, callMs = CALL_MS, ...times }: Ways): Promise<Sent> {
  const { offer, connectionId, method, target, gone } = call;
  const turn = await takeTurn(offer, connectionId, withoutQuery(target), gone, times);
  let noted: Awaited<ReturnType<typeof noteCall>>;
  let held: Held;
  try {
    held = await call.still(call.held);
    noted = await noteCall({ connectionId, keyId: call.keyId, method, path: call.path });
  } catch (error) {
    await turn.end();
    throw error;
  }
  const late = deadline(callMs);
  const done = async (status: number | null, failure: string | null) => {
    await Promise.all([turn.end(), noted(status, failure)]);
  };
  try {
    const signal = AbortSignal.any([late, gone, turn.lost]);
    const answer = await observedCall(offer.slug, method, () => pass(target, { method, ...framed(call, held), signal }));
    // What was answered is not lost because the gate could not be told.
    await heedAnswer(offer, connectionId, turn, answer).catch((error: unknown) => log.error("gate_not_told", error));
    const end = (how: "gone" | "cut" | null) => inFlight(done(answer.status, how === "cut" && late.aborted ? "late" : how));
    return { answer, held, end };
  } catch (error) {
    const failure = failureOf(error, late, gone);
    await done(null, failure?.code ?? "internal");
    throw failure ?? error;
  }
}

const withoutQuery = (target: string) => target.split("?")[0] ?? target;

function framed({ headers: attach, body }: Call, held: Held): Pick<Passed, "headers" | "body"> {
  const headers = attach(held.headers);
  if (body.kind === "none") return { headers, body: null };
  if (body.kind === "kept") return { headers, body: body.bytes };
  return { headers: body.length === null ? headers : { ...headers, "content-length": body.length }, body: body.stream };
}

function failureOf(error: unknown, late: AbortSignal, gone: AbortSignal): AppError | null {
  if (gone.aborted) return new AppError("caller_gone", 499);
  if (late.aborted) return new AppError("platform_late", 504);
  if (!(error instanceof ProviderError)) return null;
  const code = { operator: "address_not_allowed", transient: "platform_unreachable" }[error.trouble as string] ?? "no_whole_answer";
  return new AppError(code, 502);
}
