import { createHmac, randomUUID } from "node:crypto";
import type { Ledger } from "./ledger";

export type Revoker = "APPLICATION" | "MERCHANT" | "SQUARE";

type Notification = {
  eventId: string;
  url: string;
  body: string;
  headers: Record<string, string>;
  tries: number;
  dueMs: number;
  firstMs: number;
};

export type Delivered = { eventId: string; status: number | null; accepted: boolean; nextTryAt: Date | null };

export type SquareWebhooks = {
  /** Registers an address, to the letter; resolves to its signature key. */
  subscribe: (notificationUrl: string) => string;
  /** Sends everything that is due, each once; `send` stands for the network and may throw. */
  deliver: (send: (request: Request) => Promise<Response>) => Promise<Delivered[]>;
};

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DOUBLING_MINUTES = [1, 2, 4, 8, 16, 32];
/** The shorter of the two spans that Square's pages name. */
const GIVES_UP_AFTER_MS = 24 * HOUR_MS;
const ANSWER_WITHIN_MS = 10_000;

/** Square's notifications of an ended authorization: signed over the registered address and the raw body, repeated until a 2xx. */
export function squareWebhooks(ledger: Ledger, nowMs: () => number): SquareWebhooks & { revoked: (merchant: string, by: Revoker) => void } {
  const subscriptions: { url: string; key: string }[] = [];
  let waiting: Notification[] = [];
  // With nanoseconds, as they were seen.
  const stamp = () => new Date(nowMs()).toISOString().replace("Z", "456789Z");

  function revoked(merchant_id: string, revoker_type: Revoker): void {
    for (const { url, key } of subscriptions) {
      const eventId = randomUUID();
      const data = { type: "revocation", id: randomUUID(), object: { revocation: { revoked_at: stamp(), revoker_type } } };
      const body = JSON.stringify({ merchant_id, type: "oauth.authorization.revoked", event_id: eventId, created_at: stamp(), data });
      const sign = (algorithm: string) => createHmac(algorithm, key).update(`${url}${body}`).digest("base64");
      const headers = {
        "content-type": "application/json",
        "x-square-hmacsha256-signature": sign("sha256"),
        // The retired one may still come, and is to be ignored.
        "x-square-signature": sign("sha1"),
      };
      waiting.push({ eventId, url, body, headers, tries: 0, dueMs: nowMs(), firstMs: nowMs() });
    }
  }

  async function tryOnce(one: Notification, send: (request: Request) => Promise<Response>): Promise<Delivered> {
    const request = new Request(one.url, {
      method: "POST",
      headers: one.headers,
      body: one.body,
      redirect: "manual",
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    const status = await send(request).then(
      (response) => response.status,
      () => null,
    );
    const accepted = status !== null && status >= 200 && status < 300;
    const doubling = DOUBLING_MINUTES[one.tries];
    one.tries += 1;
    one.dueMs = nowMs() + (doubling === undefined ? HOUR_MS : doubling * MINUTE_MS);
    const over = accepted || one.dueMs - one.firstMs > GIVES_UP_AFTER_MS;
    if (over) waiting = waiting.filter((other) => other !== one);
    return { eventId: one.eventId, status, accepted, nextTryAt: over ? null : new Date(one.dueMs) };
  }

  return {
    revoked,
    subscribe(notificationUrl) {
      const key = ledger.canary("square-signature-key");
      subscriptions.push({ url: notificationUrl, key });
      return key;
    },
    async deliver(send) {
      const due = waiting.filter(({ dueMs }) => dueMs <= nowMs());
      const delivered: Delivered[] = [];
      for (const one of due) delivered.push(await tryOnce(one, send));
      return delivered;
    },
  };
}
