import { createHmac, randomBytes } from "node:crypto";

const PREFIX = "whsec_";

/** A signing secret as Standard Webhooks writes it: 256 bits in base64. */
export const newWebhookSecret = (): string => PREFIX + randomBytes(32).toString("base64");

export type Signed = { "webhook-id": string; "webhook-timestamp": string; "webhook-signature": string };

/**
 * The headers by which a receiver knows that a body came from us, unchanged and just now (Standard Webhooks 1.0.0). Each secret that is
 * good at this moment signs, so that a receiver may hold either. The time is the real one: receivers judge it by a clock that nobody moves.
 */
export function signWebhook(id: string, body: string, secrets: readonly string[], now = new Date()): Signed {
  const timestamp = String(Math.floor(now.getTime() / 1000));
  const signature = (secret: string) => {
    const key = Buffer.from(secret.slice(PREFIX.length), "base64");
    return `v1,${createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64")}`;
  };
  return { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": secrets.map(signature).join(" ") };
}
