import { AsyncLocalStorage } from "node:async_hooks";
import { openSync, writeSync } from "node:fs";
import { sql } from "drizzle-orm";
import { database, openDatabase } from "@/db/client";
import { worker } from "@/lib/auth/actor";
import { beginConsent } from "@/lib/connections/begin-consent";
import { connectCredentials } from "@/lib/connections/connect-credentials";
import { exchange } from "@/lib/connections/exchange";
import { openIo } from "@/lib/connections/open-io";
import { receiveAnswer } from "@/lib/connections/receive-answer";
import { renew } from "@/lib/connections/renew";
import { replayJournals } from "@/lib/connections/replay-journals";
import { revoke } from "@/lib/connections/revoke";
import { testConnection } from "@/lib/connections/test-connection";
import { makeFetch } from "@/lib/http";
import { connecting } from "@/lib/jobs/connecting";
import { renewing } from "@/lib/jobs/renewing";
import { revoking } from "@/lib/jobs/revoking";
import { freshOffers } from "@/lib/offers/fresh-offers";
import { approveAt } from "@/tests/providers/worlds/approve-at";
import type { Simulator } from "@/tests/simulators/simulator";
import type { Flow, Merchant, Orders, Settled, Told, TraceLine } from "./orders";

// The product as one process that is killed over and over: eight merchants without a pause, and before that whatever its predecessor left.
const { merchants, trace, mutant, crash } = JSON.parse(process.argv[2] ?? "{}") as Orders;
const who = new AsyncLocalStorage<string>();
const file = openSync(trace, "a");
/** Written at once: what a killed process had handed to the system stays. */
const note = (line: Omit<TraceLine, "who">) => void writeSync(file, `${JSON.stringify({ who: who.getStore() ?? "-", ...line })}\n`);
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

process.stdout.write = (() => true) as typeof process.stdout.write;
const holder = globalThis as { latchkeyAtPoint?: (point: string) => void; latchkeyFetch?: ReturnType<typeof makeFetch> };
holder.latchkeyAtPoint = (point) => {
  note({ point });
  if (crash && point === crash.point && who.getStore() === crash.who) process.kill(process.pid, "SIGKILL");
};
const outside = makeFetch({ allowLoopback: true });
holder.latchkeyFetch = async (url, init) => {
  const response = await outside(url, init);
  // The last byte is here, and nobody has looked at it.
  if (init?.method === "POST" && response.ok) note({ path: new URL(url).pathname, heard: await response.clone().text() });
  return response;
};

const browser = { handle: (request: Request) => globalThis.fetch(request) } as Simulator;

async function connect({ actor, slug, store, values }: Merchant): Promise<void> {
  if (values) return void (await connectCredentials(actor, { offer: slug, values }));
  const { attemptId, url, browserSecret } = await beginConsent(actor, { offer: slug });
  const first = await browser.handle(new Request(url, { redirect: "manual" }));
  const login = first.status === 307 ? first.headers.get("location") : null;
  const query = await approveAt(browser, login ?? url, store);
  await receiveAnswer(slug, query, (id) => (id === attemptId ? browserSecret : undefined), actor);
  await exchange(actor, attemptId);
}

async function liveOf({ actor, slug }: Merchant): Promise<string | null> {
  const found = await database().execute<{ id: string }>(
    sql`select id from connections where merchant_id = ${actor.merchants[0]?.id} and offer = ${slug} and status in ('active', 'reconnect') limit 1`,
  );
  return found.rows[0]?.id ?? null;
}

async function live(merchant: Merchant): Promise<void> {
  for (;;) {
    const id = await liveOf(merchant).catch(() => null);
    const chance = Math.random();
    const act = async () => {
      if (id === null || chance > 0.85) return connect(merchant);
      if (chance > 0.75) return revoke(merchant.actor, { connectionId: id });
      if (chance > 0.65) return testConnection(merchant.actor, id);
      return renew(merchant.actor, id);
    };
    await act().catch(() => undefined);
    await pause(5);
  }
}

const flows: Record<Flow, (merchant: Merchant, id: string) => Promise<unknown>> = {
  connect,
  renew: ({ actor }, id) => renew(actor, id),
  revoke: ({ actor }, id) => revoke(actor, { connectionId: id }),
};

/** Once, whatever it comes to; resolves to how the store stands then. */
async function once(flow: Flow, merchant: Merchant): Promise<Settled> {
  await flows[flow](merchant, (await liveOf(merchant)) ?? "");
  const id = await liveOf(merchant);
  const tested = id === null ? null : await testConnection(merchant.actor, id);
  return { active: tested?.kind === "works" ? 1 : 0, broken: [] };
}

/** What is left behind is carried on; whatever still counts as connected is proved at its platform. */
async function settle(): Promise<Settled> {
  await replayJournals();
  const round = { open: openIo, stopping: () => false };
  for (let time = 0; time < 2; time += 1) for (const job of [connecting, renewing, revoking]) await job.round(round);
  const rows = await database().execute<{ id: string }>(sql`select id from connections where status = 'active'`);
  const broken: string[] = [];
  for (const { id } of rows.rows) {
    const tested = await testConnection(worker, id);
    if (tested.kind === "failed" && tested.trouble !== "transient") broken.push(`${id} ${tested.trouble} ${tested.code}`);
  }
  return { active: rows.rows.length, broken };
}

await openDatabase({ migrate: false });
await freshOffers(0);
if (mutant === "unwritten") {
  const { journal } = await import("@/lib/journal/journal");
  const own = await journal();
  if (own) own.slots.write = async () => true;
}
const answer = (name: string, work: () => Promise<Settled>) =>
  void who.run(name, work).then(
    (settled) => process.send?.(settled),
    (error: unknown) => process.send?.({ active: 0, broken: [], failed: String(error) } satisfies Settled),
  );
process.on("message", (message: Told) => {
  if (message === "settle") answer("settling", settle);
  else if (message === "work") for (const merchant of merchants) void who.run(merchant.actor.id, () => live(merchant));
  else {
    const merchant = merchants[message.merchant] as Merchant;
    answer(merchant.actor.id, () => once(message.flow, merchant));
  }
});
// Nobody is left to tell it anything.
process.on("disconnect", () => process.exit(1));
process.send?.("ready");
