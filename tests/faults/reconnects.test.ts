import { sql } from "drizzle-orm";
import { beforeEach, describe, expect, it } from "vitest";
import { database } from "@/db/client";
import type { Connection } from "@/db/connections";
import type { UserActor } from "@/lib/auth/actor";
import { exchange } from "@/lib/connections/exchange";
import { listOwn } from "@/lib/connections/list";
import { receiveAnswer } from "@/lib/connections/receive-answer";
import { openGrant } from "@/lib/connections/sealed-grant";
import { showAttempt } from "@/lib/connections/show-attempt";
import { testConnection } from "@/lib/connections/test-connection";
import { useEnv } from "@/tests/auth/set-env";
import { useDatabase } from "@/tests/support/database";
import { approve, attemptOf, connected, type RedirectSlug, type Started, start } from "@/tests/support/journey";
import { BASE_URL } from "@/tests/support/platforms";
import { sweep } from "@/tests/support/sweep";
import { emptied, faultWorld, redirects, stores } from "./steps";

useEnv({ LATCHKEY_URL: BASE_URL });
useDatabase();
const world = faultWorld({ keeping: true });

type Step = "start A" | "start B" | "answer A" | "answer B";
const orders: Step[][] = [
  ["start A", "start B", "answer A", "answer B"],
  ["start A", "start B", "answer B", "answer A"],
  ["start B", "start A", "answer A", "answer B"],
  ["start B", "start A", "answer B", "answer A"],
  ["start A", "answer A", "start B", "answer B"],
  ["start B", "answer B", "start A", "answer A"],
];
const named = orders.map((order) => [order.join(", "), order] as const);
/** All of them where they are cheap; one that matters where a platform is slow, by its keys or because it takes one call at a time. */
const ordersAt = (slug: RedirectSlug) => (slug === "noon" || slug === "ultracart" ? named.slice(1, 2) : named);

/** Two tabs of one browser at one platform; `stores` are what each signs in to. */
function tabs(slug: RedirectSlug, actor: UserActor, signIn: Record<"A" | "B", string>, more: Record<string, string> = {}) {
  const begun: Partial<Record<string, Started>> = {};
  const of = (tab: "A" | "B"): Started => {
    const one = begun[tab];
    if (!one) throw new Error(`Tab ${tab} was not started`);
    return one;
  };
  async function answer(tab: "A" | "B"): Promise<void> {
    const query = await approve(world.at, slug, of(tab).url, signIn[tab]);
    expect((await receiveAnswer(slug, query, (id) => begun.A?.cookie(id) ?? begun.B?.cookie(id), actor)).kind).toBe("result");
  }
  return {
    of,
    start: async (tab: "A" | "B") => {
      begun[tab] = await start(world.at, actor, slug, more);
    },
    answer,
    finish: (tab: "A" | "B", open = world.at.open) => exchange(actor, of(tab).attemptId, open),
    async take(order: readonly Step[]): Promise<void> {
      for (const step of order) {
        const [what, tab] = step.split(" ") as ["start" | "answer", "A" | "B"];
        if (what === "start") await this.start(tab);
        else {
          await answer(tab);
          await this.finish(tab);
        }
      }
    },
  };
}

const works = async (actor: UserActor, id: string) => (await testConnection(actor, id, world.at.open)).kind;
const live = async () =>
  (await database().execute<{ id: string }>(sql`select id from connections where access is not null or renewal is not null`)).rows.length;

describe("C-09: two tabs at once, for new stores", () => {
  const slug = "square";
  const [riyadh, jeddah] = stores[slug];
  beforeEach(() => emptied());

  it.each(named)("C-09: %s, two stores: both are connected, neither knows of the other", async (_name, order) => {
    const actor = await world.shop();
    const both = tabs(slug, actor, { A: riyadh, B: jeddah });
    await both.take(order);
    const [a, b] = [await attemptOf(both.of("A").attemptId), await attemptOf(both.of("B").attemptId)];
    expect([a.outcome, b.outcome]).toEqual(["connected", "connected"]);
    expect(a.resultId).not.toBe(b.resultId);
    for (const { resultId } of [a, b]) expect(await works(actor, resultId ?? "")).toBe("works");
    expect(world.redeemed(slug).map(({ status }) => status)).toEqual([200, 200]);
  });

  it.each(named)("C-09: %s, the same store: one row, which the second result renews", async (_name, order) => {
    const actor = await world.shop();
    const both = tabs(slug, actor, { A: riyadh, B: riyadh });
    await both.take(order);
    const [first, second] = order.filter((step) => step.startsWith("answer")).map((step) => step.slice(-1) as "A" | "B");
    const [one, two] = [await attemptOf(both.of(first ?? "A").attemptId), await attemptOf(both.of(second ?? "B").attemptId)];
    expect([one.outcome, two.outcome]).toEqual(["connected", "renewed"]);
    expect(two.resultId).toBe(one.resultId);
    expect((await listOwn(actor)).rows.map(({ id }) => id)).toEqual([one.resultId]);
    expect(await live()).toBe(1);
    expect(await works(actor, one.resultId ?? "")).toBe("works");
  });
});

describe.each(redirects)("C-09: %s: two tabs reconnect one store", (slug) => {
  const [riyadh] = stores[slug];
  let actor: UserActor;
  let kept: Connection;
  let both: ReturnType<typeof tabs>;

  beforeEach(async () => {
    if (!kept) await emptied();
    actor ??= await world.shop();
    kept = kept ? await world.row(kept.id) : await connected(world.at, actor, slug, riyadh);
    both = tabs(slug, actor, { A: riyadh, B: riyadh }, { connectionId: kept.id });
    for (const simulator of Object.values(world.at.simulators)) simulator.ledger.clear();
  });

  /** The newer attempt has renewed the store, the older one's page leads to it, and nothing of the older one is left. */
  async function newerWins(older: "A" | "B", newer: "A" | "B"): Promise<void> {
    await sweep(world.at.open);
    const [before, after] = [both.of(older).attemptId, both.of(newer).attemptId];
    expect(await attemptOf(after)).toMatchObject({ outcome: "renewed", resultId: kept.id });
    expect(await showAttempt(actor, before)).toMatchObject({ outcome: "replaced", newerAttemptId: after, store: { id: kept.id } });
    expect(await attemptOf(before)).toMatchObject({ answer: null, verifier: null });
    expect(await world.told({ attempt: before })).toContain("attempt.replaced");
    expect(await works(actor, kept.id)).toBe("works");
    expect(await live()).toBe(1);
    expect((await listOwn(actor)).rows.map(({ id }) => id)).toEqual([kept.id]);
  }

  it.each(ordersAt(slug))("C-09: %s: the newer attempt wins, and the older page says so", async (_name, order) => {
    await both.take(order);
    const [older, newer] = order.filter((step) => step.startsWith("start")).map((step) => step.slice(-1) as "A" | "B") as [
      "A" | "B",
      "A" | "B",
    ];
    if (order.indexOf(`answer ${older}`) < order.indexOf(`start ${newer}`)) {
      // One after the other: both renewed it.
      for (const tab of [older, newer]) expect((await attemptOf(both.of(tab).attemptId)).outcome).toBe("renewed");
      expect(await works(actor, kept.id)).toBe("works");
      expect((await world.row(kept.id)).generation).toBe(kept.generation + 2);
      return;
    }
    await newerWins(older, newer);
    expect(world.redeemed(slug)).toHaveLength(1);
  });

  it("C-09: the older one had its answer and had not sent it: it is never sent", async () => {
    await both.start("A");
    await both.answer("A");
    await both.start("B");
    await both.finish("A");
    expect(world.redeemed(slug)).toEqual([]);
    await both.answer("B");
    await both.finish("B");
    await newerWins("A", "B");
    expect(world.redeemed(slug)).toHaveLength(1);
  });

  it("C-09/I6: the older one's tokens come after the newer one has renewed: kept until then, and the newer stays", async () => {
    const late = world.heldBack("token");
    await both.start("A");
    await both.answer("A");
    const working = both.finish("A", late.open);
    await late.arrived();
    await both.start("B");
    await both.answer("B");
    await both.finish("B");
    const renewed = await world.row(kept.id);
    await late.letGo(working);
    await newerWins("A", "B");
    expect(openGrant(await world.row(kept.id))).toMatchObject({ renewal: openGrant(renewed).renewal });
  });

  it("C-09/I6: the older one's tokens wait for their proof while the newer one renews: both are held until it has", async () => {
    await both.start("A");
    await both.answer("A");
    const proofs: Record<RedirectSlug, string> = { noon: "whoami", ultracart: "item", square: "token/status", oauth2: "introspect" };
    // The platform gives its tokens and cannot say whose they are.
    world.at.faults.push({ kind: "status", status: 503, match: proofs[slug], calls: 1 });
    await both.finish("A");
    const pending = (await attemptOf(both.of("A").attemptId)).resultId ?? "";
    expect(await world.row(pending)).toMatchObject({ status: "pending" });
    expect(await live()).toBe(2);
    expect(openGrant(await world.row(kept.id))).toEqual(openGrant(kept));
    await both.start("B");
    await both.answer("B");
    expect(await live()).toBe(2);
    await both.finish("B");
    await world.pass(120);
    await newerWins("A", "B");
    expect(await world.row(pending)).toMatchObject({ status: "revoked", access: null, renewal: null, revokeConfirmed: "local" });
  });

  it("C-09: both codes on their way at once: the newer one's tokens are the ones that stay", async () => {
    for (let round = 0; round < (slug === "noon" ? 1 : 2); round += 1) {
      const late = world.heldBack("token");
      await both.start("A");
      await both.answer("A");
      const working = both.finish("A", late.open);
      await late.arrived();
      await both.start("B");
      await both.answer("B");
      await late.letGo(Promise.all([working, both.finish("B")]));
      await sweep(world.at.open);
      const [a, b] = [await attemptOf(both.of("A").attemptId), await attemptOf(both.of("B").attemptId)];
      expect(b).toMatchObject({ outcome: "renewed", resultId: kept.id });
      expect(["renewed", "replaced"]).toContain(a.outcome);
      expect(await live()).toBe(1);
      expect(await works(actor, kept.id)).toBe("works");
    }
  });
});
