import { sql } from "drizzle-orm";
import { GET } from "@/app/api/oauth/[provider]/callback/route";
import { database } from "@/db/client";
import type { UserActor } from "@/lib/auth/actor";
import { flowCookie } from "@/lib/connections/browser-secret";
import { exchange } from "@/lib/connections/exchange";
import type { NextWorld } from "@/tests/auth/next-world";
import { attemptOf, type RedirectSlug } from "@/tests/support/journey";
import { BASE_URL } from "@/tests/support/platforms";
import { type CallbackCase, queryOf } from "./callback-queries";
import { unlawfulRows, unreadableValues } from "./lawful-rows";
import { approvals, type Opened, openAttempts, redirects, type Tampered } from "./tampered";

export type CallbackFindings = {
  cases: number;
  crashes: string[];
  unexpected: string[];
  invalid: string[];
  outcomes: Record<string, number>;
};
export type Person = { actor: UserActor; token: string };

const SESSION = "__Host-latchkey.session";
const BATCH = 50;
const AT_ONCE = 25;
const names = { state: "state", code: "code", iss: "iss" };

/** Sends every query through the real handler, as one browser of `mona` with attempts of all ages; `yusuf` is somebody else. */
export async function fuzzCallbacks(
  at: Tampered,
  next: NextWorld,
  [mona, yusuf]: readonly [Person, Person],
  cases: readonly CallbackCase[],
): Promise<CallbackFindings> {
  const found: CallbackFindings = { cases: 0, crashes: [], unexpected: [], invalid: [], outcomes: {} };
  const fresh = new Map<RedirectSlug, Opened[]>();
  const take = async (slug: RedirectSlug): Promise<Opened> => {
    const pool = fresh.get(slug) ?? [];
    if (pool.length === 0) pool.push(...(await openAttempts(mona.actor, slug, AT_ONCE, approvals(at, slug))));
    fresh.set(slug, pool);
    return pool.pop() as Opened;
  };
  const held = new Map<string, Opened>();
  for (const slug of redirects) {
    for (const age of ["own", "used", "expired"]) held.set(`${age} ${slug}`, await take(slug));
    for (const foreign of await openAttempts(yusuf.actor, slug, 1, approvals(at, slug))) held.set(`foreign ${slug}`, foreign);
    await database().execute(sql`update attempts set expires_at = app_now() where id = ${held.get(`expired ${slug}`)?.id}`);
    const used = held.get(`used ${slug}`) as Opened;
    await call(next, mona.token, [used], slug, used.query.toString(), {});
  }

  for (const it of cases) {
    found.cases += 1;
    const after = redirects[(redirects.indexOf(it.slug) + 1) % redirects.length] as RedirectSlug;
    const key = it.whose === "other platform's" ? `own ${after}` : `${it.whose} ${it.slug}`;
    const attempt = held.get(key);
    const query = queryOf(it, textsOf(attempt, `nobodys-${found.cases}`));
    const token = it.who === "somebody else" ? yusuf.token : it.who === "signed out" ? null : mona.token;
    const cookies = it.who === "another browser" ? [] : [...held].flatMap(([name, one]) => (name.startsWith("foreign") ? [] : [one]));
    try {
      const response = await call(next, token, cookies, it.path, query, it.headers);
      const told = await judgeAnswer(response, attempt);
      found.outcomes[`${response.status}`] = (found.outcomes[`${response.status}`] ?? 0) + 1;
      if (told) found.unexpected.push(`${told}\n${JSON.stringify({ ...it, query: query.slice(0, 500) })}`);
      const moved = await movedOn(attempt, it);
      if (moved && attempt) {
        found.outcomes[moved] = (found.outcomes[moved] ?? 0) + 1;
        const sends = await sentCodes(at, mona.actor, attempt.id, found.cases % 4 === 0);
        if (sends > 1) found.invalid.push(`the code of ${attempt.id} was sent ${sends} times\n${JSON.stringify(it)}`);
        held.set(key, await take(key.split(" ").at(-1) as RedirectSlug));
      }
    } catch (error) {
      found.crashes.push(`${error instanceof Error ? error.stack : error}\n${JSON.stringify(it)}`);
    }
    if (found.cases % BATCH === 0 || found.cases === cases.length)
      await judgeRows(found, it, new Set([...held.values()].map(({ id }) => id)));
  }
  return found;
}

/** The handler as Next calls it, with the cookies that the browser would send. */
function call(
  next: NextWorld,
  token: string | null,
  cookies: readonly Opened[],
  path: string,
  query: string,
  headers: Record<string, string>,
) {
  next.jar.clear();
  if (token !== null) next.jar.set(SESSION, token);
  for (const { id, browserSecret } of cookies) next.jar.set(flowCookie(id, true), browserSecret);
  return GET(next.request(`/api/oauth/${path}/callback?${query}`, { headers }), { params: Promise.resolve({ provider: path }) });
}

function textsOf(attempt: Opened | undefined, made: string): typeof names {
  return {
    state: attempt?.query.get("state") ?? made,
    code: attempt?.query.get("code") ?? made,
    iss: attempt?.query.get("iss") ?? "https://oauth2.test",
  };
}

/** What is wrong with an answer: only a clean redirect and a static refusal are allowed, and neither repeats anything of the query. */
async function judgeAnswer(response: Response, attempt: Opened | undefined): Promise<string | null> {
  const body = await response.text();
  const location = response.headers.get("location");
  if (response.headers.get("cache-control") !== "no-store" || response.headers.get("referrer-policy") !== "no-referrer") return "headers";
  for (const secret of [attempt?.query.get("code"), attempt?.query.get("state")])
    if (secret && (body.includes(secret) || location?.includes(secret))) return "a secret in the answer";
  if (response.status === 303)
    return location?.startsWith(`${BASE_URL}/connect/result/att_`) && /^[\w:/.-]+$/.test(location) && body === ""
      ? null
      : `location ${location}`;
  if (response.status !== 400) return `status ${response.status}`;
  return location === null && body.includes('href="/connect"') && !/<script|onerror|evil\.example/.test(body) ? null : "page";
}

/** What became of an attempt that was open before; null where it still is. */
async function movedOn(attempt: Opened | undefined, it: CallbackCase): Promise<string | null> {
  if (!attempt || it.whose === "used" || it.whose === "foreign" || it.whose === "nobody's") return null;
  const { status, outcome } = await attemptOf(attempt.id);
  return status === "open" ? null : (outcome ?? status);
}

/** How often a code leaves when the person's page and the job are both at it. */
async function sentCodes(at: Tampered, actor: UserActor, id: string, wanted: boolean): Promise<number> {
  if (!wanted || (await attemptOf(id)).status !== "answered") return 0;
  const count = () => [...at.codes.values()].reduce((sum, times) => sum + times, 0);
  const before = count();
  await exchange(actor, id, at.open);
  await exchange(actor, id, at.open);
  return count() - before;
}

async function judgeRows(found: CallbackFindings, last: CallbackCase, kept: ReadonlySet<string>): Promise<void> {
  for (const line of [...(await unlawfulRows()), ...(await unreadableValues())])
    found.invalid.push(`${line}, at the latest by\n${JSON.stringify(last)}`);
  await database().execute(sql`delete from attempts where status <> 'open' and id <> all(${sql.param([...kept])})`);
  await database().execute(sql`delete from connections where status = 'pending'`);
  await database().execute(sql`delete from incidents`);
}
