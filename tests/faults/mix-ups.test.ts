import { sql } from "drizzle-orm";
import { describe, expect, it, vi } from "vitest";
import { database } from "@/db/client";
import type { Connection } from "@/db/connections";
import { type UserActor, worker } from "@/lib/auth/actor";
import { connectCredentials } from "@/lib/connections/connect-credentials";
import { exchange } from "@/lib/connections/exchange";
import { listOwn } from "@/lib/connections/list";
import type { OpenIo } from "@/lib/connections/open-io";
import { openGrant } from "@/lib/connections/sealed-grant";
import { search } from "@/lib/connections/search";
import { show } from "@/lib/connections/show";
import { showAttempt } from "@/lib/connections/show-attempt";
import { testConnection } from "@/lib/connections/test-connection";
import { useEnv } from "@/tests/auth/set-env";
import { useDatabase } from "@/tests/support/database";
import { empty } from "@/tests/support/empty";
import { attemptOf, connected, norceValues, type RedirectSlug, staff } from "@/tests/support/journey";
import { BASE_URL } from "@/tests/support/platforms";
import { sweep } from "@/tests/support/sweep";
import { faultWorld, redirects, stores, until } from "./steps";

useEnv({ LATCHKEY_URL: BASE_URL });
useDatabase();
const world = faultWorld();

/** Everything written by events and log lines while `work` went on. */
async function said(work: () => Promise<unknown>): Promise<string> {
  const write = vi.spyOn(process.stdout, "write").mockImplementation(() => true);
  try {
    await work();
    const events = await database().execute(sql`select * from events`);
    return `${write.mock.calls.map(([line]) => String(line)).join("")}${JSON.stringify(events.rows)}`;
  } finally {
    write.mockRestore();
  }
}

/** An `OpenIo` in which the answers of a path wait for each other, so that what follows them happens at once. */
function together(path: string, parties: number): OpenIo {
  let there = 0;
  return async (offer, context) => {
    const io = await world.at.open(offer, context);
    const fetch: typeof io.fetch = async (url, init) => {
      const answer = await io.fetch(url, init);
      if (url.includes(path)) {
        there += 1;
        await until(() => there >= parties);
      }
      return answer;
    };
    return { ...io, fetch };
  };
}

/** An `OpenIo` that hands the two first answers of a path to each other's flow, as a broken cache between us and a platform would. */
function swapping(path: string): OpenIo {
  const bodies: string[] = [];
  return async (offer, context) => {
    const io = await world.at.open(offer, context);
    const fetch: typeof io.fetch = async (url, init) => {
      const answer = await io.fetch(url, init);
      if (!url.includes(path) || !answer.ok || bodies.length >= 2) return answer;
      const mine = bodies.push(await answer.text()) - 1;
      await until(() => bodies.length >= 2);
      return new Response(bodies[1 - mine], { status: answer.status, headers: answer.headers });
    };
    return { ...io, fetch };
  };
}

const proofs: Record<RedirectSlug, string> = { noon: "/whoami", ultracart: "/item/", square: "/merchants/me", oauth2: "/userinfo" };

describe("X-21: one store, two merchants at once", () => {
  it.each(redirects)("X-21: %s: one has it, the other is parked and learns nothing, both sides stay as they are", async (slug) => {
    const [riyadh, jeddah] = stores[slug];
    for (let round = 0; round < (slug === "noon" ? 1 : 3); round += 1) {
      await empty("connections", "attempts", "events");
      const flows = [await world.answered(slug, { store: riyadh }), await world.answered(slug, { store: riyadh })];
      const kept = await Promise.all(flows.map(({ actor }, index) => (index === 0 ? connected(world.at, actor, slug, jeddah) : null)));
      const open = together(proofs[slug], 2);
      const told = await said(() => Promise.all(flows.map(({ actor, id }) => exchange(actor, id, open))));
      const ends = await Promise.all(flows.map(({ id }) => attemptOf(id)));
      expect(ends.map(({ outcome }) => outcome).sort()).toEqual(["connected", "held_elsewhere"]);
      const winner = ends.findIndex(({ outcome }) => outcome === "connected");
      const [won, lost] = [ends[winner], ends[1 - winner]];
      const [owner, other] = [flows[winner]?.actor, flows[1 - winner]?.actor] as [UserActor, UserActor];

      // The one who was second learns neither who holds the store nor what it is called; what was issued is kept.
      expect(await showAttempt(other, lost?.id ?? "")).toMatchObject({ outcome: "held_elsewhere", store: null, other: null });
      expect((await listOwn(other)).rows.some(({ accountId }) => accountId === riyadh)).toBe(false);
      const parked = await world.row(lost?.resultId ?? "");
      expect(parked).toMatchObject({ status: "pending", accountId: riyadh, troubleCode: "held_elsewhere", connectedAt: null });
      expect(openGrant(parked).renewal).not.toBeNull();
      // Support is told, and sees both sides.
      expect(await world.told({ attempt: lost?.id ?? "" })).toContain("attempt.held_elsewhere");
      const sara = await staff("support");
      expect((await search(sara, { q: riyadh })).rows.map(({ id }) => id).sort()).toEqual([parked.id, won?.resultId].sort());
      expect((await show(sara, parked.id)).holder).toMatchObject({ id: won?.resultId, merchantName: owner.name });
      // Neither store nor secret of anybody is in an event or a log line.
      for (const secret of [riyadh, ...world.at.simulators[slug].ledger.secrets]) expect(told).not.toContain(secret);
      await world.untouched(await world.row(won?.resultId ?? ""), owner);
      for (const row of kept) if (row) await world.untouched(row, flows[0]?.actor as UserActor);
      // It is not given back behind support's back either.
      await world.pass(100_000);
      await sweep(world.at.open);
      expect(await world.row(parked.id)).toMatchObject({ status: "pending" });
    }
  });

  it("X-21: norce: the same with typed credentials", async () => {
    const people = [await world.shop(), await world.shop()];
    const open = together("/application", 2);
    const answers = await Promise.all(
      people.map((actor) => connectCredentials(actor, { offer: "norce", values: norceValues(world.at) }, open)),
    );
    const ends = await Promise.all(answers.map((answer) => attemptOf(answer.kind === "attempt" ? answer.attemptId : "")));
    expect(ends.map(({ outcome }) => outcome).sort()).toEqual(["connected", "held_elsewhere"]);
    const lost = ends.find(({ outcome }) => outcome === "held_elsewhere");
    expect((await world.row(lost?.resultId ?? "")).renewal).not.toBeNull();
  });
});

describe("X-22: two flows get each other's answers", () => {
  /** Two merchants with a connection each, reconnecting them at once. */
  async function reconnecting(slug: RedirectSlug) {
    const sides = [];
    for (const store of stores[slug]) {
      const actor = await world.shop();
      const kept = await connected(world.at, actor, slug, store);
      sides.push({ ...(await world.answered(slug, { actor, store, connectionId: kept.id })), store, kept });
    }
    return sides;
  }

  const tokenPath: Record<RedirectSlug, string> = {
    noon: "/token/create",
    ultracart: "/oauth/token",
    square: "/oauth2/token",
    oauth2: ".test/token",
  };

  it.each(redirects)(
    "X-22: %s: swapped tokens of two reconnects: both parked, both stores untouched, neither named to the other",
    async (slug) => {
      const sides = await reconnecting(slug);
      const open = swapping(tokenPath[slug]);
      await Promise.all(sides.map(({ actor, id }) => exchange(actor, id, open)));
      for (const { actor, id, kept, store } of sides) {
        const attempt = await attemptOf(id);
        expect(attempt.outcome).toBe("held_elsewhere");
        const parked = await world.row(attempt.resultId ?? "");
        expect(parked).toMatchObject({ status: "pending", troubleCode: "held_elsewhere" });
        expect(parked.accountId).not.toBe(store);
        expect(openGrant(parked).renewal).not.toBeNull();
        const told = await showAttempt(actor, id);
        expect(told).toMatchObject({ outcome: "held_elsewhere", store: { id: kept.id }, other: null });
        expect(JSON.stringify(told)).not.toContain(parked.accountId);
        expect(await world.told({ attempt: id })).toContain("attempt.held_elsewhere");
        await world.untouched(kept, actor);
      }
    },
  );

  /** A mixed answer was seen: nobody's store, kept, told to staff, and never used. */
  async function setAside({ actor, id }: { actor: UserActor; id: string }): Promise<Connection> {
    expect(await attemptOf(id)).toMatchObject({ outcome: "our_fault", troubleCode: "mixed_answer", resultId: null });
    expect((await listOwn(actor)).rows).toEqual([]);
    const alarms = await database().execute<{ id: string; facts: Record<string, string> }>(
      sql`select connection_id as id, facts from events where attempt_id = ${id} and kind = 'attempt.failed'`,
    );
    expect(alarms.rows.map(({ facts }) => facts)).toEqual([{ trouble: "operator", code: "mixed_answer" }]);
    const row = await world.row(alarms.rows[0]?.id ?? "");
    expect(row.status).toBe("pending");
    expect(openGrant(row).renewal).not.toBeNull();
    return row;
  }

  it("X-22: noon: swapped keys of two new stores: kept, never logged in with, never removed", async () => {
    const [riyadh, jeddah] = stores.noon;
    const sides = [await world.answered("noon", { store: riyadh }), await world.answered("noon", { store: jeddah })];
    const open = swapping("/token/exchange");
    await Promise.all(sides.map(({ actor, id }) => exchange(actor, id, open)));
    const logins = world.calls("noon", /login/).length;
    const rows = [];
    for (const side of sides) rows.push(await setAside(side));
    const keys = rows.map((row) => (JSON.parse(openGrant(row).renewal ?? "{}") as { privateKey?: string }).privateKey);
    for (const key of keys) expect(world.at.simulators.noon.ledger.secrets.has(key ?? "")).toBe(true);
    expect(new Set(keys).size).toBe(2);
    await world.pass(90_000);
    await sweep(world.at.open);
    await sweep(world.at.open);
    expect(world.calls("noon", /login/)).toHaveLength(logins);
    expect(world.calls("noon", /remove/)).toEqual([]);
  });

  it("X-22: square: the proof names another seller than the tokens came with: set aside, and nothing of either is ended", async () => {
    const [riyadh, jeddah] = stores.square;
    const sides = [await world.answered("square", { store: riyadh }), await world.answered("square", { store: jeddah })];
    const open = swapping("/oauth2/token/status");
    await Promise.all(sides.map(({ actor, id }) => exchange(actor, id, open)));
    for (const side of sides) await setAside(side);
    expect(world.calls("square", /revoke/)).toEqual([]);
  });
});

it("X-22: access that turns out to be of another account is fetched anew once, and its owner is asked when it still is", async () => {
  const { id } = await world.standardStore(await world.shop("Swapped"), "acct-riyadh");
  await database().execute(sql`update connections set account_id = 'acct-jeddah' where id = ${id}`);
  const failed = { kind: "failed", trouble: "reconnect", code: "account_changed" };
  expect(await testConnection(worker, id, world.at.open)).toEqual(failed);
  expect(world.calls("oauth2", /refresh_token/)).toHaveLength(1);
  expect(await world.row(id)).toMatchObject({ status: "reconnect", troubleCode: "account_changed", accountId: "acct-jeddah" });
});
