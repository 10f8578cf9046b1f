import { Readable } from "node:stream";
import type { KeyActor } from "@/lib/auth/actor";
import { AppError } from "@/lib/errors";
import { log } from "@/lib/log";
import { answerBody, beginningOf } from "./answer-body";
import { answerHeaders } from "./answer-headers";
import { type CallBody, callBody } from "./call-body";
import { type Held, heldAccess, stillHeld } from "./held-access";
import { requestHeaders } from "./request-headers";
import { type Call, type Sent, sendCall, type Ways } from "./send-call";
import { targetOf } from "./target";

export type Asked = {
  connectionId: string;
  /** Below the platform's address, as it was written; with its question mark where there is a query. */
  path: string;
  search: string;
  request: Request;
  /** Where calls of this connection are asked for, and by which hosts that is. */
  ourPath: string;
  ourHosts: readonly string[];
  hangUp?: (() => void) | undefined;
};

/** So much of a refusal is kept while the access behind it is renewed. */
const REFUSAL_BYTES = 65_536;
const WITHOUT_BODY = new Set([204, 205, 304]);

/**
 * Makes a call to the connection's platform with its access, and passes on what comes of it. A refused access is renewed, and the call made once
 * more where all of it is still here. Throws AppError where there is no answer of the platform to pass on.
 */
export async function passCall(actor: KeyActor, asked: Asked, ways: Ways): Promise<Response> {
  const held = await heldAccess(actor, asked.connectionId);
  // Before the body is read: what is refused is refused at once.
  const first = callOf(actor, asked, held, { kind: "none" });
  first.headers(held.headers);
  const body = await callBody(asked.request);
  const sent = await sendCall({ ...first, body }, ways);
  if (sent.answer.status !== 401 || body.kind === "flowing") return answerOf(asked, first.target, sent);

  const refusal = await kept(sent);
  if (!refusal.whole) return answerOf(asked, first.target, refusal);
  const refused = sent.held;
  const fresh = await heldAccess(actor, asked.connectionId, refused.generation).catch((error: unknown) => {
    // Whether it may be renewed is not known yet: then the platform's own word stands.
    if (error instanceof AppError && [429, 503].includes(error.status)) return refused;
    throw error;
  });
  if (fresh.generation === refused.generation) return answerOf(asked, first.target, refusal);
  const again = callOf(actor, asked, fresh, body);
  return answerOf(asked, again.target, await sendCall(again, ways));
}

function callOf(actor: KeyActor, asked: Asked, held: Held, body: CallBody): Call {
  const { connectionId, path, search, request } = asked;
  return {
    offer: held.offer,
    connectionId,
    keyId: actor.id,
    method: request.method,
    target: targetOf(held.apiUrl, path, search),
    path: path || "/",
    held,
    still: (read) => stillHeld(actor, connectionId, read),
    headers: (attached) => requestHeaders(request.headers, attached),
    body,
    gone: request.signal,
  };
}

async function answerOf(asked: Asked, target: string, sent: Sent): Promise<Response> {
  try {
    return passedOn(asked, target, sent);
  } catch (error) {
    // A status, or a header, that no answer of ours can have.
    sent.answer.body.on("error", () => undefined).destroy();
    await sent.end("cut");
    log.warn("answer_not_passed_on", { status: sent.answer.status, cause: error instanceof Error ? error.name : "unknown" });
    throw new AppError("no_whole_answer", 502);
  }
}

function passedOn({ request, ourPath, ourHosts, hangUp }: Asked, target: string, { answer, held, end }: Sent): Response {
  const { status, body } = answer;
  const headers = answerHeaders(answer.headers, { target, apiUrl: held.apiUrl, ourPath, ourHosts }, held.generation);
  if (request.method === "HEAD" || WITHOUT_BODY.has(status) || answer.headers.get("content-length") === "0") {
    body.on("error", () => undefined).resume();
    void end(null);
    return new Response(null, { status, headers });
  }
  return new Response(answerBody(body, { ended: end, hangUp }), { status, headers });
}

/** The same with its body here and the platform's turn given back, which a renewal needs; `whole` false: it is longer, and goes through as it comes. */
async function kept({ answer, held, end }: Sent): Promise<Sent & { whole: boolean }> {
  try {
    const { read, rest } = await beginningOf(answer.body, REFUSAL_BYTES);
    if (rest) return { answer: { ...answer, body: Readable.from(joined(read, rest)) }, held, end, whole: false };
    await end(null);
    return { answer: { ...answer, body: Readable.from([read]) }, held, end: async () => undefined, whole: true };
  } catch {
    await end("cut");
    throw new AppError("no_whole_answer", 502);
  }
}

async function* joined(read: Uint8Array, rest: Readable) {
  try {
    yield read;
    yield* rest;
  } finally {
    rest.destroy();
  }
}
