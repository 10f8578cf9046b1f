import { afterEach, describe, expect, it } from "vitest";
import { exchange } from "@/lib/connections/exchange";
import { showAttempt } from "@/lib/connections/show-attempt";
import { makeFetch } from "@/lib/http";
import { finishLapsed } from "@/lib/jobs/finish-lapsed";
import { useEnv } from "@/tests/auth/set-env";
import type { Fault } from "@/tests/simulators/faults";
import { listen } from "@/tests/simulators/listen";
import { useDatabase } from "@/tests/support/database";
import { freePort } from "@/tests/support/free-port";
import { attemptOf, connect, type RedirectSlug } from "@/tests/support/journey";
import { BASE_URL } from "@/tests/support/platforms";
import { sweep } from "@/tests/support/sweep";
import { faultWorld, redirects } from "./steps";

useEnv({ LATCHKEY_URL: BASE_URL });
useDatabase();
const world = faultWorld();

/** Where a code goes. */
const door: Record<RedirectSlug, string> = {
  noon: "/token/create",
  ultracart: "/oauth/token",
  square: "/oauth2/token",
  oauth2: "/token",
};
const isDoor = (slug: RedirectSlug, url: string) => new URL(url).pathname.endsWith(door[slug]);

/** An `OpenIo` that notes when a code left, by the platforms' clock, and what became of it. */
function watching(slug: RedirectSlug) {
  const sent: { atMs: number; status: number | null }[] = [];
  const open = world.through((fetch) => async (url, init) => {
    if (!isDoor(slug, url)) return fetch(url, init);
    const call = { atMs: Date.now() + world.at.skew.ms, status: null as number | null };
    sent.push(call);
    const answer = await fetch(url, init);
    call.status = answer.status;
    return answer;
  });
  /** Whole seconds between one sending and the next. */
  const gapsS = () => sent.slice(1).map(({ atMs }, index) => Math.round((atMs - (sent[index]?.atMs ?? 0)) / 1000));
  return { sent, open, gapsS };
}

const servers: { close: () => Promise<void> }[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

describe("X-01: nothing was sent, over real sockets", () => {
  const refusals = {
    "the connection is refused": {},
    "the name has no address": { dns: true },
    "the handshake fails": { scheme: "https" },
  } as const;

  it.each(Object.entries(refusals))(
    "X-01: %s twice: the same code is good the third time",
    async (_how, how: { dns?: true; scheme?: string }) => {
      const { actor, id } = await world.answered("square");
      const port = await freePort();
      let mended = false;
      const outside = makeFetch({
        allowLoopback: true,
        lookup: (_host, _options, done) =>
          how.dns && !mended ? done(new Error("ENOTFOUND"), []) : done(null, [{ address: "127.0.0.1", family: 4 }]),
      });
      const open = world.through(() => (url, init) => {
        const scheme = mended ? "http" : (how.scheme ?? "http");
        return outside(url.replace("https://square.test", `${scheme}://localhost:${port}`), init);
      });
      if (how.scheme) servers.push(await listen(world.at.simulators.square, port));
      for (const turn of [1, 2]) {
        await exchange(actor, id, open);
        expect(await attemptOf(id)).toMatchObject({ status: "answered", tries: turn, sentAt: null });
        // Quick, and never at once.
        await exchange(actor, id, open);
        expect((await attemptOf(id)).tries).toBe(turn);
        await world.pass(11);
      }
      expect(world.redeemed("square")).toEqual([]);
      if (!how.scheme) servers.push(await listen(world.at.simulators.square, port));
      mended = true;
      await sweep(open);
      expect((await attemptOf(id)).outcome).toBe("connected");
      expect(world.redeemed("square").map(({ status }) => status)).toEqual([200]);
    },
  );

  it.each(redirects)("X-01: %s: three tries, then the merchant is told to start again, and can", async (slug) => {
    const { actor, id } = await world.answered(slug);
    const { sent, open } = watching(slug);
    world.at.faults.push({ kind: "unreachable", match: door[slug] });
    for (let round = 0; round < 6; round += 1) {
      await exchange(actor, id, open);
      await world.pass(2);
    }
    expect(sent).toHaveLength(3);
    expect(await attemptOf(id)).toMatchObject({ outcome: "unreachable", troubleCode: "unreachable", answer: null, verifier: null });
    expect(await showAttempt(actor, id)).toMatchObject({ outcome: "unreachable" });
    world.at.faults.length = 0;
    expect((await connect(world.at, actor, slug)).outcome).toBe("connected");
  });
});

describe("X-02: too many requests", () => {
  const inAMoment = () => new Date(Date.now() + world.at.skew.ms + 30_000).toUTCString();
  /** Header, how often it is answered so, the least and the most seconds until each next sending; none: no next one. */
  const variants: [string, () => string | null, number, [number, number][]][] = [
    ["seconds", () => "30", 1, [[30, 33]]],
    ["a date", inAMoment, 1, [[29, 33]]],
    [
      "garbage",
      () => "soon, perhaps",
      2,
      [
        [5, 8],
        [10, 13],
      ],
    ],
    [
      "nothing",
      () => null,
      2,
      [
        [5, 8],
        [10, 13],
      ],
    ],
    ["999999 seconds", () => "999999", 1, []],
    ["a date in the past", () => "Thu, 01 Jan 2026 00:00:00 GMT", 1, [[1, 4]]],
  ];

  it.each(variants)("X-02: Retry-After says %s", async (_what, header, times, gaps) => {
    const { actor, id } = await world.answered("oauth2");
    const { sent, open, gapsS } = watching("oauth2");
    const value = header();
    world.at.faults.push({
      kind: "status",
      status: 429,
      headers: value === null ? {} : { "retry-after": value },
      calls: times,
      match: "/token",
    });
    // The page asks every second, and the job does too.
    for (let second = 0; second < 45; second += 1) {
      await exchange(actor, id, open);
      if (second % 5 === 0) await sweep(open);
      await world.pass(1);
    }
    expect(sent).toHaveLength(gaps.length + 1);
    for (const [index, [least, most]] of gaps.entries()) {
      expect(gapsS()[index]).toBeGreaterThanOrEqual(least);
      expect(gapsS()[index]).toBeLessThanOrEqual(most);
    }
    const ended = await attemptOf(id);
    if (gaps.length > 0) expect(ended.outcome).toBe("connected");
    else expect(ended).toMatchObject({ outcome: "unreachable", troubleCode: "rate_limited", answer: null });
    expect(world.redeemed("oauth2")).toHaveLength(gaps.length > 0 ? 1 : 0);
  });

  it("X-02: a wait that the attempt does not live to see is not begun", async () => {
    const { actor, id } = await world.answered("oauth2");
    await world.pass(500);
    world.at.faults.push({ kind: "status", status: 429, headers: { "retry-after": "120" }, calls: 1, match: "/token" });
    await exchange(actor, id, world.at.open);
    expect(await attemptOf(id)).toMatchObject({ outcome: "unreachable", troubleCode: "rate_limited", answer: null, verifier: null });
  });

  it("X-02: where the platform's budget is shared, the others wait unspent", async () => {
    const [first, second] = [await world.answered("ultracart"), await world.answered("ultracart", { store: "JEDDA" })];
    const { sent, open } = watching("ultracart");
    world.at.faults.push({ kind: "status", status: 429, headers: { "retry-after": "20" }, calls: 1, match: "/oauth/token" });
    await exchange(first.actor, first.id, open);
    const waiting = exchange(second.actor, second.id, open);
    await world.pass(10);
    expect(sent).toHaveLength(1);
    expect((await attemptOf(second.id)).status).toBe("answered");
    await world.pass(12);
    await waiting;
    await sweep(open);
    expect(sent.map(({ status }) => status)).toEqual([429, 200, 200]);
    for (const { id } of [first, second]) expect((await attemptOf(id)).outcome).toBe("connected");
  });

  it("X-02: where there is no shared budget, another merchant is not kept waiting", async () => {
    const first = await world.answered("oauth2");
    world.at.faults.push({ kind: "status", status: 429, headers: { "retry-after": "200" }, calls: 1, match: "/token" });
    await exchange(first.actor, first.id, world.at.open);
    expect((await connect(world.at, await world.shop(), "oauth2")).outcome).toBe("connected");
    expect((await attemptOf(first.id)).status).toBe("answered");
  });
});

describe.each(redirects)("X-03: %s fails while a code is exchanged", (slug) => {
  const failures: [string, Fault | "after issuing"][] = [
    ["500, and 200 had it been asked again", { kind: "status", status: 500, calls: 1 }],
    ["502", { kind: "status", status: 502, calls: 1 }],
    ["503 with Retry-After", { kind: "status", status: 503, headers: { "retry-after": "2" }, calls: 1 }],
    ["500 after it had issued the tokens", "after issuing"],
  ];

  it.each(failures)("X-03: %s: in doubt, the code is not sent again, and a new attempt connects", async (_what, failure) => {
    const { actor, id } = await world.answered(slug);
    const { sent, open } = watching(slug);
    const failing: typeof open =
      failure === "after issuing"
        ? world.through((fetch) => async (url, init) => {
            const answer = await fetch(url, init);
            if (!isDoor(slug, url) || !answer.ok) return answer;
            sent.push({ atMs: 0, status: 500 });
            return new Response("", { status: 500 });
          })
        : open;
    if (failure !== "after issuing") world.at.faults.push({ ...failure, match: door[slug] });
    await exchange(actor, id, failing);
    for (let round = 0; round < 3; round += 1) {
      await world.pass(15);
      await exchange(actor, id, failing);
      await sweep(failing);
    }
    expect(sent).toHaveLength(1);
    const ended = await attemptOf(id);
    expect(ended).toMatchObject({ outcome: "unreachable", answer: null, verifier: null, resultId: null });
    expect(ended.troubleCode).toMatch(/^http_50[023]$/);
    expect(await world.told({ attempt: id })).toEqual(["attempt.started", "attempt.answered", "attempt.failed"]);
    if (failure === "after issuing") expect((await connect(world.at, actor, slug)).outcome).toBe("connected");
  });
});

describe("X-04: the deadline and the platform's commit", () => {
  /** Square on a real socket; `onHandled` runs when it has done its work and before its answer leaves. */
  async function slowSquare(onHandled: () => Promise<void> | void) {
    const port = await freePort();
    const { square } = world.at.simulators;
    const handle: typeof square.handle = async (request) => {
      const answer = await square.handle(request);
      if (isDoor("square", request.url)) await onHandled();
      return answer;
    };
    servers.push(await listen({ ...square, handle }, port));
    return (url: string) => url.replace("https://square.test", `http://127.0.0.1:${port}`);
  }

  it("X-04: the deadline strikes after the platform has issued: doubt, never sent again, the merchant starts anew", async () => {
    const { actor, id } = await world.answered("square");
    const deadline = new AbortController();
    let let_go: () => void = () => undefined;
    const at = await slowSquare(() => {
      deadline.abort(new DOMException("The deadline", "TimeoutError"));
      return new Promise<void>((resolve) => {
        let_go = resolve;
      });
    });
    const outside = makeFetch({ allowLoopback: true });
    const open = world.through(() => (url, init) => outside(at(url), { ...init, signal: deadline.signal }));
    await exchange(actor, id, open);
    // The platform's answer comes to a closed door.
    let_go();
    expect(await attemptOf(id)).toMatchObject({ outcome: "unreachable", troubleCode: "no_whole_answer", answer: null, verifier: null });
    for (let round = 0; round < 3; round += 1) {
      await world.pass(40);
      await exchange(actor, id, open);
      await sweep(open);
    }
    expect(world.redeemed("square").map(({ status }) => status)).toEqual([200]);
    expect(await showAttempt(actor, id)).toMatchObject({ outcome: "unreachable" });
    expect((await connect(world.at, actor, "square")).outcome).toBe("connected");
  });

  it("X-04: an answer that comes 19.9 seconds later is inside the deadline, and stored", async () => {
    const { actor, id } = await world.answered("square");
    const at = await slowSquare(async () => {
      await world.pass(19.9);
      // Nobody has given it up meanwhile, and nobody has taken it over.
      await finishLapsed(50);
      await exchange(actor, id, world.at.open);
      expect((await attemptOf(id)).status).toBe("answered");
    });
    const outside = makeFetch({ allowLoopback: true });
    await exchange(
      actor,
      id,
      world.through(() => (url, init) => outside(at(url), init)),
    );
    expect((await attemptOf(id)).outcome).toBe("connected");
    expect(world.redeemed("square")).toHaveLength(1);
  });

  it.each(redirects)("X-04: %s: an answer that comes when the attempt was given up already is stored all the same", async (slug) => {
    const { actor, id } = await world.answered(slug);
    const late = world.heldBack(door[slug]);
    const working = exchange(actor, id, late.open);
    await late.arrived();
    await world.pass(35);
    await sweep(world.at.open);
    expect(await attemptOf(id)).toMatchObject({ outcome: "unreachable", troubleCode: "outcome_unknown" });
    await late.letGo(working);
    expect((await attemptOf(id)).outcome).toBe("connected");
    expect(world.redeemed(slug)).toHaveLength(1);
    expect(await world.told({ attempt: id })).toEqual([
      "attempt.started",
      "attempt.answered",
      "attempt.in_doubt",
      "attempt.exchanged",
      "connection.connected",
    ]);
  });

  it.each(redirects)(
    "X-04: %s: the answer is lost after it was issued: the tokens are unknown to us, and the code is not tried again",
    async (slug) => {
      const { actor, id } = await world.answered(slug);
      const { sent, open } = watching(slug);
      world.at.faults.push({ kind: "reset-after-issuing", match: door[slug], calls: 1 });
      await exchange(actor, id, open);
      for (let round = 0; round < 3; round += 1) {
        await world.pass(40);
        await sweep(open);
        await exchange(actor, id, open);
      }
      expect(sent).toHaveLength(1);
      expect(await attemptOf(id)).toMatchObject({ outcome: "unreachable", answer: null, verifier: null });
    },
  );
});
