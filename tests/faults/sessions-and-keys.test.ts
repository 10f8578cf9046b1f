import { randomBytes } from "node:crypto";
import { afterEach, describe, expect, it, vi } from "vitest";
import { exchange } from "@/lib/connections/exchange";
import type { OpenIo } from "@/lib/connections/open-io";
import { showAttempt } from "@/lib/connections/show-attempt";
import { setEnv, useEnv } from "@/tests/auth/set-env";
import { useDatabase } from "@/tests/support/database";
import { attemptOf } from "@/tests/support/journey";
import { BASE_URL } from "@/tests/support/platforms";
import { sweep } from "@/tests/support/sweep";
import { faultWorld, redirects } from "./steps";

useEnv({ LATCHKEY_URL: BASE_URL });
useDatabase();
const world = faultWorld();

describe("X-17: the integrator's session at Noon", () => {
  const MANY = 3;
  const noon = () => world.at.simulators.noon;
  /** Sessions that the integrator's own key has opened and that live. */
  const integratorSessions = () =>
    Object.values(noon().state.sessions).filter(({ keyId }) => keyId === noon().state.integrator.keyId).length;

  /** Merchants who came back from Noon, each with a code of a store of their own. */
  async function returned(many = MANY) {
    const stores = ["PRJ410001", "PRJ410002", "PRJ410003"];
    const all = [];
    for (let index = 0; index < many; index += 1) all.push(await world.answered("noon", { store: stores[index] }));
    return all;
  }

  /** Ends every session at the platform once, right after so many answers of a path. */
  function endingAfter(path: string, answers: number): OpenIo {
    let left = answers;
    return world.through((fetch) => async (url, init) => {
      const answer = await fetch(url, init);
      if (url.endsWith(path) && answer.ok) {
        left -= 1;
        if (left === 0) noon().endSessions();
      }
      return answer;
    });
  }

  it("X-17: it ended before the codes were sent: one login for all flows at once, no code is burnt", async () => {
    const all = await returned();
    noon().endSessions();
    await Promise.all(all.map(({ actor, id }) => exchange(actor, id, world.at.open)));
    for (const { id } of all) expect((await attemptOf(id)).outcome).toBe("connected");
    expect(integratorSessions()).toBe(1);
    // Each code was turned away at the door at most once, and redeemed once.
    const created = world.calls("noon", /^token\/create$/).map(({ status }) => status);
    expect(created.filter((status) => status === 200)).toHaveLength(MANY);
    expect(created.filter((status) => status === 401).length).toBeLessThanOrEqual(MANY);
    expect(created).toHaveLength(created.filter((status) => status === 200 || status === 401).length);
    expect(world.calls("noon", /^token\/exchange$/).map(({ status }) => status)).toEqual([200, 200, 200]);
  });

  it("X-17: it ended between the code and the key: one login for all flows at once, no token is burnt", async () => {
    const all = await returned();
    const open = endingAfter("/token/create", MANY);
    await Promise.all(all.map(({ actor, id }) => exchange(actor, id, open)));
    await world.pass(60);
    await sweep(world.at.open);
    for (const { id } of all) expect((await attemptOf(id)).outcome).toBe("connected");
    expect(integratorSessions()).toBe(1);
    expect(world.calls("noon", /^token\/create$/).map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(world.calls("noon", /^token\/exchange$/).filter(({ status }) => status === 200)).toHaveLength(MANY);
    expect(Object.values(noon().state.accounts)).toHaveLength(MANY + 1);
  });

  it("X-17: the integrator's key is refused too: the operator's trouble, the codes unspent at the platform, one incident", async () => {
    const all = await returned();
    noon().deactivateIntegrator();
    noon().endSessions();
    await Promise.all(all.map(({ actor, id }) => exchange(actor, id, world.at.open)));
    for (const { actor, id } of all) {
      expect(await attemptOf(id)).toMatchObject({ status: "finished", outcome: "our_fault", answer: null, verifier: null });
      expect((await showAttempt(actor, id)).outcome).toBe("our_fault");
    }
    expect(world.calls("noon", /^token\/create$/).every(({ status }) => status === 401)).toBe(true);
    expect(Object.values(noon().state.codes).some(({ used }) => used)).toBe(false);
    const kinds = await world.told({});
    expect(kinds.filter((kind) => kind === "incident.opened")).toHaveLength(1);
    expect(kinds.filter((kind) => kind === "attempt.failed")).toHaveLength(MANY);
  });

  it("X-17: it ends between the code and the key and the integrator's key is refused: what was issued is kept for whoever mends it", async () => {
    const [only] = await returned(1);
    if (!only) throw new Error("Nobody returned");
    const open = world.through((fetch) => async (url, init) => {
      const answer = await fetch(url, init);
      if (url.endsWith("/token/create")) {
        noon().deactivateIntegrator();
        noon().endSessions();
      }
      return answer;
    });
    await exchange(only.actor, only.id, open);
    expect((await attemptOf(only.id)).outcome).toBe("our_fault");
    const kept = await world.told({ attempt: only.id });
    expect(kept).toContain("attempt.exchanged");
    expect(kept.at(-1)).toBe("attempt.failed");
  });
});

describe("X-19: the key that sealed a code is missing or wrong where it is to be sent", () => {
  const right = { value: "" };
  afterEach(() => setEnv({ LATCHKEY_KEYS: right.value }));

  const another = (id: string) => `${id}:${randomBytes(32).toString("base64")}`;
  const keyless = {
    missing: () => another("other"),
    "wrong under the same id": () => another("t1"),
  };

  /** The lines that were logged while `work` went on. */
  async function logged(work: () => Promise<void>): Promise<string> {
    const write = vi.spyOn(process.stdout, "write").mockImplementation(() => true);
    try {
      await work();
      return write.mock.calls.map(([line]) => String(line)).join("");
    } finally {
      write.mockRestore();
    }
  }

  it.each(redirects.flatMap((slug) => Object.entries(keyless).map(([how, keys]) => [slug, how, keys] as const)))(
    "X-19: %s: %s: nothing is sent, the log names the key, and with the right key the code is good",
    async (slug, how, keys) => {
      right.value = process.env.LATCHKEY_KEYS ?? "";
      const { actor, id } = await world.answered(slug);
      setEnv({ LATCHKEY_KEYS: keys() });
      const lines = await logged(async () => {
        for (let round = 0; round < 5; round += 1) {
          await exchange(actor, id, world.at.open);
          await world.pass(4);
        }
      });
      expect(lines).toContain(how === "missing" ? '"event":"key_missing"' : '"event":"unreadable"');
      expect(lines).toContain('"key":"t1"');
      expect(world.redeemed(slug)).toEqual([]);
      expect(await attemptOf(id)).toMatchObject({ status: "answered", tries: 0, sentAt: null });
      expect(await showAttempt(actor, id)).toMatchObject({ outcome: null, progress: { verified: true, exchanged: false } });
      setEnv({ LATCHKEY_KEYS: right.value });
      await world.pass(4);
      await sweep(world.at.open);
      expect((await attemptOf(id)).outcome).toBe("connected");
      expect(world.redeemed(slug)).toHaveLength(1);
    },
  );

  it("X-19: the key comes back after the attempt's life: the code was never sent, and the merchant starts again", async () => {
    right.value = process.env.LATCHKEY_KEYS ?? "";
    const { actor, id } = await world.answered("square");
    setEnv({ LATCHKEY_KEYS: another("other") });
    await exchange(actor, id, world.at.open);
    await world.pass(601);
    setEnv({ LATCHKEY_KEYS: right.value });
    await exchange(actor, id, world.at.open);
    await sweep(world.at.open);
    expect(await attemptOf(id)).toMatchObject({ outcome: "timed_out", answer: null, verifier: null });
    expect(world.redeemed("square")).toEqual([]);
  });
});
