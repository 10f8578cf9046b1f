import { sql } from "drizzle-orm";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { GET } from "@/app/api/metrics/route";
import { database } from "@/db/client";
import { beat } from "@/db/workers";
import { renew } from "@/lib/connections/renew";
import { revoke } from "@/lib/connections/revoke";
import { moveClock, resetClock } from "@/tests/auth/people";
import { setEnv, useEnv } from "@/tests/auth/set-env";
import { keepSecret } from "@/tests/leaks/run-folder";
import { useDatabase, whileClosed } from "@/tests/support/database";
import { empty } from "@/tests/support/empty";
import { aMerchant, connected, staff } from "@/tests/support/journey";
import { BASE_URL, platforms } from "@/tests/support/platforms";

const TOKEN = keepSecret("metrics token", `CNRY-metrics-${crypto.randomUUID()}`);

useEnv({ LATCHKEY_URL: BASE_URL, LATCHKEY_METRICS_TOKEN: TOKEN });
const address = useDatabase();

const ask = (authorization?: string, query = "") =>
  GET(new Request(`${BASE_URL}/api/metrics${query}`, authorization === undefined ? {} : { headers: { authorization } }));
const text = async () => (await ask(`Bearer ${TOKEN}`)).text();
/** What stands behind a metric's name and labels; undefined: the line is not there. */
const readingOf = (all: string, series: string) =>
  all
    .split("\n")
    .find((line) => line.startsWith(`${series} `))
    ?.slice(series.length + 1);

afterEach(async () => {
  setEnv({ LATCHKEY_METRICS_TOKEN: TOKEN });
  await resetClock();
});

describe("who may read", () => {
  it("404: without a token in the configuration there is nothing here, whatever is sent", async () => {
    setEnv({ LATCHKEY_METRICS_TOKEN: undefined });
    for (const sent of [undefined, "Bearer ", "Bearer undefined", `Bearer ${TOKEN}`]) {
      const answer = await ask(sent);
      expect(answer.status).toBe(404);
      expect(answer.headers.get("cache-control")).toBe("no-store");
      expect(await answer.json()).toEqual({ type: "about:blank", title: "Not found", status: 404, code: "not_found" });
    }
  });

  it.each<[string, string | undefined]>([
    ["nothing", undefined],
    ["an empty header", ""],
    ["the scheme alone", "Bearer"],
    ["no token", "Bearer "],
    ["another scheme", `Basic ${TOKEN}`],
    ["no scheme", TOKEN],
    ["one letter more", `Bearer ${TOKEN}x`],
    ["one letter less", `Bearer ${TOKEN.slice(0, -1)}`],
    ["small letters", `Bearer ${TOKEN.toLowerCase()}`],
    ["the token twice", `Bearer ${TOKEN} ${TOKEN}`],
  ])("401: %s does not open them, nor does an address with the token", async (_, sent) => {
    const answer = await ask(sent, `?token=${TOKEN}`);
    expect(answer.status).toBe(401);
    expect(answer.headers.get("www-authenticate")).toBe("Bearer");
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(await answer.text()).not.toMatch(/latchkey_|CNRY/);
  });

  it.each(["Bearer", "bearer"])("200: %s and the token, and nobody keeps it", async (scheme) => {
    const answer = await ask(`${scheme} ${TOKEN}`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(await answer.text()).toContain("latchkey_database_up 1");
  });
});

describe("what they say", () => {
  const at = platforms();
  const ids: string[] = [];

  beforeAll(async () => {
    const merchant = await aMerchant("Nile Books");
    const support = await staff("support");
    for (const slug of ["square", "oauth2", "norce"] as const) ids.push((await connected(at, merchant, slug)).id);
    const [first = "", second = ""] = ids;
    await renew(support, second, at.open);
    await revoke(support, { connectionId: first, reason: "Asked for by the owner" }, at.open);
    ids.push(merchant.id, support.id, String(merchant.merchants[0]?.id));
  });

  it("count exchanges, renewals and revocations by offer and a fixed word", async () => {
    const all = await text();
    expect(Number(readingOf(all, 'latchkey_exchanges_total{offer="square",outcome="issued"}'))).toBe(1);
    expect(Number(readingOf(all, 'latchkey_exchanges_total{offer="norce",outcome="issued"}'))).toBe(1);
    expect(Number(readingOf(all, 'latchkey_revocations_total{offer="square",outcome="remote"}'))).toBe(1);
    expect(Number(readingOf(all, 'latchkey_renewals_total{offer="oauth2",outcome="renewed"}'))).toBe(1);
    expect(Number(readingOf(all, 'latchkey_renewal_seconds_count{offer="oauth2"}'))).toBe(1);
  });

  it("count every call that a platform was sent, by its answer's class", async () => {
    const all = await text();
    const told = all.matchAll(/^latchkey_platform_calls_total\{offer="oauth2",status="2xx"\} (\d+)$/gm);
    const sent = at.simulators.oauth2.ledger.calls.filter(({ name }) => !/authorize|consent|decide|login/.test(name));
    expect([...told].map((match) => Number(match[1]))).toEqual([sent.length]);
  });

  it("tell how much is due at each offer, and for how long the oldest has been", async () => {
    await database().execute(sql`update connections set next_refresh_at = app_now() where offer = 'norce'`);
    await moveClock("90 seconds");
    const all = await text();
    expect(readingOf(all, 'latchkey_due_renewals{offer="norce"}')).toBe("1");
    expect(Number(readingOf(all, 'latchkey_overdue_oldest_seconds{offer="norce"}'))).toBeGreaterThanOrEqual(90);
    expect(readingOf(all, 'latchkey_due_renewals{offer="ultracart"}')).toBe("0");
    expect(readingOf(all, 'latchkey_overdue_oldest_seconds{offer="ultracart"}')).toBe("0");
  });

  it("tell how many connections are in each state, as the tallies have it", async () => {
    await empty("state_tallies");
    await database().execute(
      sql`insert into state_tallies (offer, environment, state, n) values ('a', 'x', 'healthy', 3), ('b', 'x', 'healthy', 2), ('a', 'x', 'healthy', -1)`,
    );
    const all = await text();
    expect(readingOf(all, 'latchkey_connections{state="healthy"}')).toBe("4");
    expect(readingOf(all, 'latchkey_connections{state="renewal_late"}')).toBe("0");
    expect(all.match(/^latchkey_connections\{/gm)).toHaveLength(10);
  });

  it("tell of an open incident and of nothing else that is closed", async () => {
    await database().execute(sql`
      insert into incidents (id, offer, code, probe_at, closed_at) values
        ('inc_1', 'square', 'invalid_client', app_now(), null), ('inc_2', 'noon', 'invalid_client', app_now(), app_now())`);
    const all = await text();
    expect(readingOf(all, 'latchkey_incidents_open{offer="square"}')).toBe("1");
    expect(readingOf(all, 'latchkey_incidents_open{offer="noon"}')).toBe("0");
  });

  it("tell for how long nobody has done any work", async () => {
    await empty("workers");
    expect(readingOf(await text(), "latchkey_worker_silent_seconds")).toBe("+Inf");
    await beat(database(), "web_1", "web");
    await moveClock("5 minutes");
    expect(Number(readingOf(await text(), "latchkey_worker_silent_seconds"))).toBeGreaterThanOrEqual(300);
  });

  it("tell what waits: notices, deliveries, states", async () => {
    await database().execute(sql`
      insert into notices (id, offer, event_id, kind, account_id, happened_at, done_at) values
        ('not_1', 'square', 'e1', 'revoked', 'a', app_now(), null), ('not_2', 'square', 'e2', 'revoked', 'a', app_now(), app_now())`);
    await database().execute(sql`
      insert into deliveries (id, kind, channel, address, key, status) values
        ('del_1', 'alert', 'email', 'a@b.example', 'k1', 'pending'), ('del_2', 'alert', 'email', 'a@b.example', 'k2', 'delivered')`);
    await database().execute(sql`update connections set state_changes_at = null`);
    await database().execute(sql`update connections set state_changes_at = 'epoch' where offer = 'norce'`);
    const all = await text();
    expect(readingOf(all, "latchkey_notices_waiting")).toBe("1");
    expect(readingOf(all, "latchkey_deliveries_waiting")).toBe("1");
    expect(readingOf(all, "latchkey_states_waiting")).toBe("1");
  });

  it("S-114: hold no secret, no id, no name, no version, and no label that could grow without end", async () => {
    const all = await text();
    expect(all).toContain("process_cpu_user_seconds_total");
    expect(all).not.toMatch(/CNRY|con_|att_|usr_|mer_|inc_|Nile|@|:\/\//);
    for (const id of ids) expect(all).not.toContain(id);
    expect(all).not.toMatch(/version/i);
    expect(all).not.toContain(process.version);
    const ours = all.split("\n").filter((line) => line.startsWith("latchkey_"));
    const labels = new Set(ours.flatMap((line) => [...line.matchAll(/(\w+)="/g)].map((match) => String(match[1]))));
    expect([...labels].filter((name) => !["le", "offer", "outcome", "state", "status"].includes(name))).toEqual([]);
    expect(ours.length).toBeLessThan(200);
  });
});

it("200: without a database they say so and tell of the process alone, with no number of before", async () => {
  const all = await whileClosed(address(), text);
  expect(all).toContain("latchkey_database_up 0");
  expect(all).toContain("process_cpu_user_seconds_total");
  expect(all).not.toMatch(/latchkey_(due|overdue|connections|incidents|worker|notices_waiting|deliveries|states)/);
});
