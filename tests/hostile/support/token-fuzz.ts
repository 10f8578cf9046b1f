import { sql } from "drizzle-orm";
import { database } from "@/db/client";
import type { UserActor } from "@/lib/auth/actor";
import { connectCredentials } from "@/lib/connections/connect-credentials";
import { exchange } from "@/lib/connections/exchange";
import { isPaused } from "@/lib/connections/with-client";
import { AppError } from "@/lib/errors";
import { empty } from "@/tests/support/empty";
import { norceValues } from "@/tests/support/journey";
import { unlawfulRows, unreadableValues } from "./lawful-rows";
import { answeredAttempts, approvals, type Slug, type Tampered } from "./tampered";
import { answerOf, type TokenCase, targets } from "./token-answers";

export type Findings = { cases: number; crashes: string[]; invalid: string[]; outcomes: Record<string, number> };

type Told = Map<string, TokenCase>;

const BATCH = 20;
const stores: Record<Slug, string[]> = {
  noon: ["PRJ410001", "PRJ410002"],
  ultracart: ["RIYAD", "JEDDA"],
  square: ["MLRIYADH00001", "MLJEDDAH00002"],
  oauth2: ["acct-riyadh", "acct-jeddah"],
  norce: [],
};

const slugOf = (it: TokenCase): Slug => targets[it.target]?.slug ?? "norce";
/** The way to Noon's key is twice as long as any other, so it has a lane of its own. */
const laneOf = (it: TokenCase): string => (it.target === "noon's key" ? it.target : slugOf(it));

/**
 * Sends every case through the real exchange and adoption: one lane for each platform, two merchants in turn, so that stores are new,
 * known and somebody else's. After each batch every row that is left is judged.
 */
export async function fuzzTokens(at: Tampered, actors: readonly UserActor[], cases: readonly TokenCase[]): Promise<Findings> {
  const found: Findings = { cases: 0, crashes: [], invalid: [], outcomes: {} };
  const lanes = Object.entries(Object.groupBy(cases, laneOf)).map(([, left = []]) => ({ slug: slugOf(left[0] as TokenCase), left }));
  for (let round = 0; lanes.some(({ left }) => left.length > 0); round += 1) {
    const actor = actors[round % actors.length] as UserActor;
    const store = Math.floor(round / actors.length) % 2;
    const told = await Promise.all(
      lanes.map(({ slug, left }) => runLane(at, slug, actor, stores[slug][store], left.splice(0, BATCH), found)),
    );
    await judge(found, new Map(told.flatMap((lane) => [...lane])));
    await empty("attempts", "connections", "events", "incidents", "gates");
  }
  for (const times of at.codes.values()) if (times > 1) found.invalid.push(`a code was sent ${times} times`);
  return found;
}

async function runLane(
  at: Tampered,
  slug: Slug,
  actor: UserActor,
  store: string | undefined,
  cases: readonly TokenCase[],
  found: Findings,
): Promise<Told> {
  const told: Told = new Map();
  const ids = slug === "norce" ? [] : await answeredAttempts(actor, slug, cases.length, approvals(at, slug, store));
  for (const [index, it] of cases.entries()) {
    found.cases += 1;
    const tamper = { call: targets[it.target]?.call ?? /^$/, with: (said: string) => answerOf(it, said) };
    try {
      const id = await at.within([tamper], () => carryOut(at, slug, actor, ids[index]));
      if (id) told.set(id, it);
    } catch (error) {
      if (!(error instanceof AppError)) found.crashes.push(`${error instanceof Error ? error.stack : error}\n${JSON.stringify(it)}`);
    }
    // A platform that refuses our client pauses itself, and a session spares a call; each case is to meet it open.
    if (slug === "norce" || (await isPaused(slug)))
      await database().execute(sql`with a as (delete from incidents where offer = ${slug})
        delete from platform_sessions where offer = ${slug} and merchant_id <> ''`);
  }
  return told;
}

async function carryOut(at: Tampered, slug: Slug, actor: UserActor, id: string | undefined): Promise<string | null> {
  if (id === undefined) {
    const submitted = await connectCredentials(actor, { offer: slug, values: norceValues(at) }, at.open);
    return submitted.kind === "attempt" ? submitted.attemptId : null;
  }
  await exchange(actor, id, at.open);
  return id;
}

/** What is wrong with the rows that a batch left behind, with the case that is to blame where it is known. */
async function judge(found: Findings, told: Told): Promise<void> {
  const ended = await database().execute<{ offer: string; told: string }>(
    sql`select offer, coalesce(outcome, status) as told from attempts`,
  );
  for (const { offer, told: outcome } of ended.rows)
    found.outcomes[`${offer} ${outcome}`] = (found.outcomes[`${offer} ${outcome}`] ?? 0) + 1;
  const wrong = [...(await unlawfulRows()), ...(await unreadableValues())];
  if (wrong.length === 0) return;
  const rows = await database().execute<{ id: string; attempt: string }>(sql`select id, attempt_id as attempt from connections`);
  const attemptOfRow = new Map(rows.rows.map(({ id, attempt }) => [id, attempt]));
  for (const line of wrong) {
    const id = line.split(" ")[1]?.replace(":", "") ?? "";
    found.invalid.push(`${line}\n${JSON.stringify(told.get(attemptOfRow.get(id) ?? id) ?? null)}`);
  }
}
