import { type Attempt, findAttempt } from "@/db/attempts";
import { database } from "@/db/client";
import { type Connection, findConnection } from "@/db/connections";
import type { Connector, UserActor } from "@/lib/auth/actor";
import { beginConsent } from "@/lib/connections/begin-consent";
import { connectCredentials } from "@/lib/connections/connect-credentials";
import { exchange } from "@/lib/connections/exchange";
import { receiveAnswer } from "@/lib/connections/receive-answer";
import { makeMerchant, makePerson } from "@/tests/auth/people";
import { approveAt } from "@/tests/providers/worlds/approve-at";
import type { platforms } from "./platforms";

export type Platforms = ReturnType<typeof platforms>;
export type RedirectSlug = "noon" | "ultracart" | "square" | "oauth2";

/** A merchant with one member. */
export async function aMerchant(name: string): Promise<UserActor> {
  const merchantId = await makeMerchant(name);
  const email = `${name.toLowerCase().replace(/\W+/g, "-")}@merchant.example`;
  const { id } = await makePerson(email, "member", merchantId);
  return { kind: "user", id, name, email, role: "merchant", merchants: [{ id: merchantId, name }], signedInAt: new Date() };
}

export async function staff(role: "support" | "admin"): Promise<UserActor> {
  const email = `${role}-${crypto.randomUUID()}@latchkey.example`;
  const { id } = await makePerson(email, role);
  return { kind: "user", id, name: role, email, role, merchants: [], signedInAt: new Date() };
}

export type Started = { attemptId: string; url: string; cookie: (id: string) => string | undefined };

/** Presses *Continue to …* in a browser that keeps its flow cookie. */
export async function start(at: Platforms, actor: Connector, slug: RedirectSlug, more: Record<string, string> = {}): Promise<Started> {
  const consent = await beginConsent(actor, { offer: slug, ...more }, at.open);
  return { attemptId: consent.attemptId, url: consent.url, cookie: (id) => (id === consent.attemptId ? consent.browserSecret : undefined) };
}

/** Approves at the platform; resolves to the callback's query. */
export async function approve(
  at: Platforms,
  slug: RedirectSlug,
  url: string,
  store?: string,
  decision: "approve" | "deny" = "approve",
): Promise<URLSearchParams> {
  const simulator = at.simulators[slug];
  const first = await simulator.handle(new Request(url, { redirect: "manual" }));
  const login = first.status === 307 ? first.headers.get("location") : null;
  return approveAt(simulator, login ?? url, store, decision);
}

/** The whole way of a redirect platform; resolves to the attempt as it ended. */
export async function connect(
  at: Platforms,
  actor: UserActor,
  slug: RedirectSlug,
  store?: string,
  more: Record<string, string> = {},
): Promise<Attempt> {
  const begun = await start(at, actor, slug, more);
  const query = await approve(at, slug, begun.url, store);
  const received = await receiveAnswer(slug, query, begun.cookie, actor);
  if (received.kind !== "result") throw new Error(`The callback was refused at ${slug}`);
  await exchange(actor, begun.attemptId, at.open);
  return attemptOf(begun.attemptId);
}

export function norceValues(at: Platforms, index = 0): Record<string, string> {
  const user = at.simulators.norce.users[index];
  if (!user) throw new Error("The simulator has no such user");
  return {
    mode: "commerce",
    slug: user.slug,
    region: "se",
    client_id: user.clientId,
    client_secret: user.clientSecret,
    environment: user.environments.includes("stage") ? "stage" : (user.environments[0] ?? "stage"),
    application_id: String(user.applications[0]),
    scope: "",
  };
}

/** The whole way of any platform; resolves to the connection. */
export async function connected(
  at: Platforms,
  actor: UserActor,
  slug: RedirectSlug | "norce",
  store?: string,
  more: Record<string, string> = {},
): Promise<Connection> {
  if (slug !== "norce") return connectionOf(await connect(at, actor, slug, store, more));
  const submitted = await connectCredentials(actor, { offer: "norce", values: norceValues(at), ...more }, at.open);
  if (submitted.kind !== "attempt") throw new Error(`Refused: ${JSON.stringify(submitted)}`);
  return connectionOf(await attemptOf(submitted.attemptId));
}

export async function attemptOf(id: string): Promise<Attempt> {
  const attempt = await findAttempt(database(), id);
  if (!attempt) throw new Error("No such attempt");
  return attempt;
}

export async function connectionOf(attempt: Attempt): Promise<Connection> {
  const row = attempt.resultId ? await findConnection(database(), attempt.resultId) : null;
  if (!row) throw new Error(`No connection came of it: ${attempt.outcome} ${attempt.troubleCode}`);
  return row;
}
