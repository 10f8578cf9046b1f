import { sql } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { database } from "@/db/client";
import type { Connection } from "@/db/connections";
import { worker } from "@/lib/auth/actor";
import { renewOnce } from "@/lib/connections/renew-once";
import { openGrant } from "@/lib/connections/sealed-grant";
import { renewing } from "@/lib/jobs/renewing";
import { useEnv } from "@/tests/auth/set-env";
import { useDatabase } from "@/tests/support/database";
import { connected } from "@/tests/support/journey";
import { BASE_URL } from "@/tests/support/platforms";
import { faultWorld, redirects } from "./steps";

useEnv({ LATCHKEY_URL: BASE_URL });
useDatabase();
const world = faultWorld();

const renewed = (id: string) => renewOnce(worker, id, ["active"], world.at.open);
const heldBy = async (id: string) => openGrant(await world.row(id)).renewal;

/** The path of each platform's renewal. */
const path = { oauth2: "/token", ultracart: "/oauth/token", square: "/oauth2/token", norce: "/connect/token", noon: "/login" } as const;
type Slug = keyof typeof path;

async function store(slug: Slug): Promise<Connection> {
  const row = await connected(world.at, await world.shop(), slug);
  // What all of a merchant's stores share is still good for a while.
  await world.pass(3_700);
  return row;
}

const oddAnswers: [what: string, body: string, status: number, type?: string][] = [
  ["a page of somebody's Wi-Fi", "<html><body>Welcome</body></html>", 200, "text/html"],
  ["a page under JSON's name", "<html><body>Welcome</body></html>", 200],
  ["nothing", "", 200],
  ["null", "null", 200],
  ["a list", "[]", 200],
  ["a text", '"token"', 200],
  ["an empty object", "{}", 200],
  ["half an object", '{"access_token":"CNRY-half', 200],
  ["a number for a token", '{"access_token":17,"token_type":"bearer"}', 200],
  ["a token that no header takes", '{"access_token":"two words","token_type":"bearer"}', 200],
  ["another kind of token", '{"access_token":"CNRY-mac","token_type":"mac"}', 200],
  ["a refusal without a word", "{}", 400],
  ["a refusal in a word that nobody knows", '{"error":"moon_phase"}', 400],
  ["a refusal that is no word", '{"error":{"code":7}}', 400],
  ["a page that refuses", "<h1>Forbidden</h1>", 403, "text/html"],
  ["a page that is not found", "<h1>Not found</h1>", 404, "text/html"],
  ["a gateway's page", "<h1>Bad gateway</h1>", 502, "text/html"],
  ["not now", '{"error":"temporarily_unavailable"}', 503],
];

describe.each(Object.keys(path) as Slug[])("%s", (slug) => {
  it("R-12: answers that are none: nobody is demoted, what is held is kept, and it works when the platform does", async () => {
    const { id } = await store(slug);
    // At one platform that is the form in which it refuses.
    const odd = oddAnswers.filter(([, body]) => slug !== "ultracart" || !body.includes('{"code"'));
    for (const [what, body, status, type = "application/json"] of odd) {
      const before = await world.row(id);
      await database().execute(sql`update platform_sessions set value = null`);
      world.at.faults.push({ kind: "body", body, status, headers: { "content-type": type }, match: path[slug], calls: 1 });
      const renewal = await renewed(id);
      expect(renewal, what).toMatchObject({ kind: "failed" });
      expect(world.at.faults, what).toEqual([]);
      const row = await world.row(id);
      expect(row, what).toMatchObject({ status: "active", renewal: before.renewal, access: before.access, leaseId: null });
      expect(["transient", "doubt"], what).toContain(row.trouble);
      expect(row.trouble === "doubt", what).toBe(row.sentAt !== null);
      await world.pass(200);
      expect(await renewed(id), what).toEqual({ kind: "renewed" });
      expect(await world.row(id), what).toMatchObject({ status: "active", trouble: null, failures: 0, sentAt: null });
    }
    const kinds = await world.told({ connection: id });
    expect(kinds.filter((kind) => kind === "connection.needs_reconnect")).toEqual([]);
    expect(kinds.filter((kind) => kind === "connection.renewal_failed")).toHaveLength(odd.length);
    expect(await world.told({})).not.toContain("incident.opened");
  });
});

describe.each(["oauth2", "ultracart", "square"] as const)("%s", (slug) => {
  it("R-03: an answer without a refresh token: the one that is held is kept, twice in a row", async () => {
    const { switches } = world.at.simulators[slug];
    const row = await store(slug);
    Object.assign(
      switches,
      slug === "oauth2" ? { rotate: false } : slug === "ultracart" ? { rotation: false } : { omitRefreshToken: true },
    );
    const held = await heldBy(row.id);
    for (const times of [1, 2]) {
      expect(await renewed(row.id)).toEqual({ kind: "renewed" });
      expect(await world.row(row.id)).toMatchObject({ generation: row.generation + times, renewable: true, trouble: null });
      expect(await heldBy(row.id)).toBe(held);
    }
  });
});

it("R-04: the same refresh token comes back: it is kept, and good for the next time", async () => {
  const row = await store("oauth2");
  world.at.simulators.oauth2.switches.rotate = false;
  const held = await heldBy(row.id);
  const { refreshToken } = JSON.parse(held ?? "{}") as { refreshToken: string };
  const open = world.through((fetch) => async (url, init) => {
    const answer = await fetch(url, init);
    if (!url.endsWith("/token")) return answer;
    return Response.json({ ...((await answer.json()) as object), refresh_token: refreshToken });
  });
  for (const times of [1, 2]) {
    expect(await renewOnce(worker, row.id, ["active"], open)).toEqual({ kind: "renewed" });
    expect(await world.row(row.id)).toMatchObject({ generation: row.generation + times, trouble: null });
    expect(await heldBy(row.id)).toBe(held);
  }
});

it("R-13: lifetimes that are none, and ones of a moment: no storm of renewals", async () => {
  const ids: string[] = [];
  for (const expiresIn of [0, -1, "", "abc", 1e18, true, "omit", 1, 29]) {
    const { id } = await world.standardStore(await world.shop(), `lives-${expiresIn}`);
    world.at.simulators.oauth2.switches.expiresIn = expiresIn;
    expect(await renewed(id), `${expiresIn}`).toEqual({ kind: "renewed" });
    ids.push(id);
  }
  // Square tells an end that is over.
  const square = await connected(world.at, await world.shop(), "square");
  const open = world.through((fetch) => async (url, init) => {
    const answer = await fetch(url, init);
    if (!url.endsWith(path.square)) return answer;
    return Response.json({ ...((await answer.json()) as object), expires_at: "2024-02-29T00:00:00Z" });
  });
  expect(await renewOnce(worker, square.id, ["active"], open)).toEqual({ kind: "renewed" });
  // Twenty minutes of a worker that comes by all the time.
  for (let step = 0; step < 80; step += 1) {
    await world.pass(15);
    await renewing.round({ open, stopping: () => false });
  }
  // Where no end is known it is asked about instead; where it is a moment away or over, every five minutes.
  const times = await Promise.all([...ids, square.id].map(async (id) => (await world.row(id)).generation - 2));
  expect(times.slice(0, 7)).toEqual(Array(7).fill(0));
  expect(Math.min(...times.slice(7))).toBeGreaterThanOrEqual(3);
  expect(Math.max(...times)).toBeLessThanOrEqual(4);
  for (const id of [...ids, square.id]) expect(await world.row(id)).toMatchObject({ status: "active", trouble: null, failures: 0 });
});

describe("R-19: a renewal tells something else than before", () => {
  it("R-19: fewer permissions: they are what is shown from now on, and the change is written down", async () => {
    const row = await store("oauth2");
    expect(row.scopes).toEqual(["openid", "orders.read"]);
    world.at.simulators.oauth2.switches.narrowScope = true;
    expect(await renewed(row.id)).toEqual({ kind: "renewed" });
    expect(await renewed(row.id)).toEqual({ kind: "renewed" });
    expect((await world.row(row.id)).scopes).toEqual(["openid"]);
    const told = await database().execute<{ facts: object }>(
      sql`select facts from events where kind = 'connection.renewed' and connection_id = ${row.id} order by id`,
    );
    const { generation } = row;
    expect(told.rows.map(({ facts }) => facts)).toMatchObject([
      { generation: generation + 1, scopes: "openid" },
      { generation: generation + 2 },
    ]);
    expect(told.rows[1]?.facts).not.toHaveProperty("scopes");
  });

  it("R-19: another seller: nothing of it is taken in, nobody is demoted, and the store's own grant goes on", async () => {
    const row = await store("square");
    const open = world.through((fetch) => async (url, init) => {
      const answer = await fetch(url, init);
      return url.endsWith("/oauth2/token")
        ? Response.json({ ...((await answer.json()) as object), merchant_id: "MLOTHER000009", access_token: "CNRY-another-sellers" })
        : answer;
    });
    expect(await renewOnce(worker, row.id, ["active"], open)).toMatchObject({ kind: "failed", error: { code: "mixed_answer" } });
    expect(await world.row(row.id)).toMatchObject({ status: "active", access: row.access, renewal: row.renewal, trouble: "operator" });
    expect(await world.told({})).not.toContain("incident.opened");
    expect(await renewed(row.id)).toEqual({ kind: "renewed" });
  });
});

it.each(redirects)("R-09: %s: only what can be spent is in doubt when an answer is lost", async (slug) => {
  const { id } = await store(slug);
  const match = slug === "noon" ? path.noon : path[slug];
  world.at.faults.push({ kind: "reset-after-issuing", match, calls: 1 });
  expect((await renewed(id)).kind).toBe("failed");
  const spends = slug === "oauth2" || slug === "ultracart";
  expect(await world.row(id)).toMatchObject({ status: "active", trouble: spends ? "doubt" : "transient" });
  expect(await renewed(id)).toMatchObject({ kind: spends ? "busy" : "renewed" });
});
