import { createHmac, randomUUID } from "node:crypto";
import { sql } from "drizzle-orm";
import { POST } from "@/app/api/webhooks/[provider]/route";
import { database } from "@/db/client";
import type { StoredNotice } from "@/db/notices";
import type { Platforms } from "./journey";
import { WEBHOOK_URL } from "./platforms";

export type Sent = { url: string; body: string; headers: Record<string, string> };

export const requestOf = ({ url, body, headers }: Sent) => new Request(url, { method: "POST", body, headers });

/** Hands a message to the product's own route handler, as Next would. */
export const post = (sent: Sent, slug = "square"): Promise<Response> =>
  POST(requestOf(sent), { params: Promise.resolve({ provider: slug }) });

/** The same, and waits until the product, by itself after its answer, has taken up what it kept: done with it, or put off for a little. */
export async function told(...all: Sent[]): Promise<number[]> {
  const answers = await Promise.all(all.map((sent) => post(sent)));
  for (const end = performance.now() + 30_000; await inHand(); await new Promise((resolve) => setTimeout(resolve, 2)))
    if (performance.now() > end) throw new Error("Nobody has taken up the notice");
  return answers.map(({ status }) => status);
}

async function inHand(): Promise<boolean> {
  const found = await database().execute<{ yes: boolean }>(sql`
    select exists (select from notices where done_at is null and (tries = 0 or next_at > app_now() + interval '100 seconds')) as yes`);
  return found.rows[0]?.yes === true;
}

/** What the simulated Square has to send now, taken away from it: the test delivers it, when and as often as it likes. */
export async function outbox(at: Platforms): Promise<Sent[]> {
  const all: Sent[] = [];
  await at.simulators.square.webhooks.deliver(async (request) => {
    all.push({ url: request.url, body: await request.text(), headers: Object.fromEntries(request.headers) });
    return new Response(null, { status: 200 });
  });
  return all;
}

/** The owner removes our access at Square; resolves to what Square tells about it. */
export async function removedAt(at: Platforms, account: string): Promise<Sent> {
  at.simulators.square.revokeAtPlatform(account);
  const sent = (await outbox(at)).at(-1);
  if (!sent) throw new Error("Square has nothing to tell");
  return sent;
}

/** Any text, signed as Square signs. */
export function signed(key: string, body: string, url = WEBHOOK_URL): Sent {
  const signature = createHmac("sha256", key).update(`${url}${body}`).digest("base64");
  return { url, body, headers: { "content-type": "application/json", "x-square-hmacsha256-signature": signature } };
}

/** A revocation that Square tells of whether it is true or not. */
export function claimed({ webhookKey }: Platforms, account: string, at: Date, eventId: string = randomUUID()): Sent {
  const created_at = at.toISOString();
  const data = { type: "revocation", id: randomUUID(), object: { revocation: { revoked_at: created_at, revoker_type: "MERCHANT" } } };
  return signed(
    webhookKey,
    JSON.stringify({ merchant_id: account, type: "oauth.authorization.revoked", event_id: eventId, created_at, data }),
  );
}

export async function keptNotices(): Promise<StoredNotice[]> {
  const found = await database().execute<StoredNotice>(
    sql`select id, account_id as "accountId", event_id as "eventId", tries, outcome, done_at as "doneAt" from notices order by received_at, id`,
  );
  return found.rows;
}

export const outcomes = async () => (await keptNotices()).map(({ outcome }) => outcome);
