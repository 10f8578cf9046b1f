import { shortCode } from "@/lib/connections/short-code";
import type { Mood } from "@/tests/leaks/watch-platform";
import { approve, comeBack, start } from "./consent";
import { submitForm } from "./html-form";
import { type ConsentSlug, norceUser, type Slug } from "./journey";
import type { Someone } from "./test";
import type { Watched } from "./watched";

type Visitor = { url: string; token: string };
const moods = ["crash", "lose", "echo"] as const;

/** While a platform is in that mood. */
async function inMood<T>(watched: Watched, slug: Slug, mood: Mood, work: () => Promise<T>): Promise<T> {
  watched.moods[slug].mood = mood;
  return work().finally(() => {
    watched.moods[slug].mood = "strict";
  });
}

/** Comes back from a consent with a code and stops there: the code is held sealed. */
export async function bringCode(
  { installation }: Watched,
  who: Someone,
  slug: ConsentSlug,
): Promise<{ attemptId: string; platformUrl: string }> {
  const started = await start(installation, who, slug);
  const query = await approve(installation, slug, started);
  const answer = await comeBack(installation, { slug, query, cookies: started.cookies });
  if (answer.status !== 303) throw new Error(`The callback of ${slug} answered ${answer.status}`);
  return started;
}

/** Codes are exchanged while the platform quotes all it gets, breaks, or loses what it answered; ids of the attempts. */
export async function failExchanges(watched: Watched, who: Someone, slug: ConsentSlug): Promise<string[]> {
  const ids: string[] = [];
  // All codes first: what the platform quotes may be taken for a fault of our own, which closes the way to it.
  for (const _ of moods) ids.push((await bringCode(watched, who, slug)).attemptId);
  for (const [index, mood] of moods.entries()) {
    const finish = () => submitForm(visitor(watched, who), `/connect/result/${ids[index]}`, /"attemptId"/);
    await inMood(watched, slug, mood, finish);
  }
  return ids;
}

/** Pasted values that are wrong, or right while the platform misbehaves. `secret` was never the user's. */
export async function failPastedValues(watched: Watched, who: Someone, secret: string): Promise<void> {
  const user = norceUser(watched.installation.world);
  const values = {
    slug: user.slug,
    region: "se",
    client_id: user.clientId,
    environment: "stage",
    application_id: String(user.applications[0]),
  };
  const submit = (clientSecret: string) =>
    submitForm(visitor(watched, who), "/connect/norce", /value-client_secret/, fieldsOf({ ...values, client_secret: clientSecret }));
  await submit(secret);
  for (const mood of moods) await inMood(watched, "norce", mood, () => submit(user.clientSecret));
}

/** What staff can do with a connection, each once as it should be and once in each mood. */
export async function actOn(watched: Watched, who: Someone, slug: Slug, id: string): Promise<void> {
  const act = (name: string) => submitForm(visitor(watched, who), `/support/${id}`, /name="connectionId"/, { act: name });
  for (const mood of ["strict", ...moods] as const)
    for (const name of ["test", "renew"]) await inMood(watched, slug, mood, () => act(name));
}

/** Support revokes, first while the platform quotes and breaks: the revocation stays open and is told again. */
export async function revokeBadly(watched: Watched, who: Someone, slug: Slug, id: string): Promise<void> {
  const revoke = () =>
    submitForm(visitor(watched, who), `/support/${id}/revoke`, /name="cause"/, {
      cause: "misuse",
      details: "Ticket 4711",
      reach: "authorization",
      confirm: shortCode(id),
    });
  await inMood(watched, slug, "echo", revoke);
}

/** An admin imports; resolves to the answer. */
export function importGrant(
  watched: Watched,
  who: Someone,
  merchantId: string,
  slug: Slug,
  values: Record<string, string>,
): Promise<Response> {
  const path = `/import?${new URLSearchParams({ merchant: merchantId, platform: slug })}`;
  return submitForm(visitor(watched, who), path, /name="offer"/, fieldsOf(values));
}

const visitor = ({ installation }: Watched, { token }: Someone): Visitor => ({ url: installation.url, token });
const fieldsOf = (values: Record<string, string>) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [`value-${name}`, value]));
