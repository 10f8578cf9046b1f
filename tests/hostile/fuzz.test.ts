import fc from "fast-check";
import { afterAll, beforeEach, describe, expect, it, vi } from "vitest";
import { database } from "@/db/client";
import { insertSession } from "@/db/sessions";
import { longestSessionS } from "@/lib/auth/session-lifetimes";
import { hashToken, newToken } from "@/lib/auth/session-token";
import type { Offer } from "@/lib/offers/offer";
import type { RedirectProvider } from "@/lib/providers/contract";
import type { NextWorld } from "@/tests/auth/next-world";
import { atLength } from "@/tests/support/at-length";
import { aMerchant } from "@/tests/support/journey";
import { BASE_URL } from "@/tests/support/platforms";
import { fuzzCallbacks, type Person } from "./support/callback-fuzz";
import { callbackCase } from "./support/callback-queries";
import { useHostileWorld } from "./support/hostile-world";
import { type Tampered, tamperedPlatforms } from "./support/tampered";
import { tokenCase } from "./support/token-answers";
import { fuzzTokens } from "./support/token-fuzz";

const next = await vi.hoisted(async () => {
  const { NextWorld } = await import("@/tests/auth/next-world");
  return new NextWorld() as NextWorld;
});
vi.mock("next/headers", () => next.modules.headers);

// FUZZ_SEED and FUZZ_RUNS repeat what a line named, or go further. A token answer goes the whole way to a connection, a query is brief.
const SEED = Number(process.env.FUZZ_SEED ?? 20_261_121);
const RUNS = Number(process.env.FUZZ_RUNS ?? atLength(400, 5_000));
const TOKENS = Math.round(RUNS * 0.2);
const CALLBACKS = RUNS - TOKENS;
const LONG_MS = Math.max(300_000, RUNS * 100);

const world = useHostileWorld();
const total = { tokens: 0, callbacks: 0, crashes: 0, unexpected: 0, invalid: 0 };
let people: readonly [Person, Person];
let at: Tampered;

beforeEach(async () => {
  at = tamperedPlatforms(world.wire, { paced: false });
  const yusuf = await aMerchant(`Jeddah ${crypto.randomUUID()}`);
  const tokens = [newToken(), newToken()] as const;
  people = [
    { actor: world.mona, token: tokens[0] },
    { actor: yusuf, token: tokens[1] },
  ];
  for (const { actor, token } of people) await insertSession(database(), hashToken(token), actor.id, longestSessionS);
  next.headers = { host: "latchkey.test", origin: BASE_URL };
});

afterAll(() => {
  const many = (count: number) => count.toLocaleString("en");
  const counted = `${many(total.tokens)} token answers, ${many(total.callbacks)} callback queries`;
  const found = `${total.crashes} crashes, ${total.unexpected} unexpected 5xx, ${total.invalid} invalid rows`;
  process.stdout.write(`fuzz: ${counted}, seed ${SEED}: ${found}\n`);
});

const tokens = (runs: number, seed = SEED) =>
  fuzzTokens(
    at,
    people.map(({ actor }) => actor),
    fc.sample(tokenCase, { seed, numRuns: runs }),
  );
const callbacks = (runs: number, seed = SEED) => fuzzCallbacks(at, next, people, fc.sample(callbackCase, { seed, numRuns: runs }));

describe("the fuzz", () => {
  it(
    `X-05..X-11: ${TOKENS} generated token answers: no crash, no invalid row, no code twice`,
    async () => {
      const found = await tokens(TOKENS);
      total.tokens = found.cases;
      total.crashes += found.crashes.length;
      total.invalid += found.invalid.length;
      expect(found.crashes.slice(0, 3)).toEqual([]);
      expect(found.invalid.slice(0, 5)).toEqual([]);
      if (RUNS < 5_000) return;
      // What was sent reached every end that there is, at every platform.
      const reached = Object.keys(found.outcomes);
      for (const slug of ["noon", "ultracart", "square", "oauth2"])
        for (const outcome of ["connected", "renewed", "unreachable", "issued"]) expect(reached).toContain(`${slug} ${outcome}`);
      for (const outcome of ["connected", "renewed", "issued"]) expect(reached).toContain(`norce ${outcome}`);
      for (const outcome of ["refused", "our_fault", "timed_out"]) expect(reached.join()).toContain(outcome);
    },
    LONG_MS,
  );

  it(
    `S-16..S-24: ${CALLBACKS} generated callback queries: a clean redirect or a static refusal, no invalid row, no code twice`,
    async () => {
      const found = await callbacks(CALLBACKS);
      total.callbacks = found.cases;
      total.crashes += found.crashes.length;
      total.unexpected += found.unexpected.length;
      total.invalid += found.invalid.length;
      expect(found.crashes.slice(0, 3)).toEqual([]);
      expect(found.unexpected.slice(0, 3)).toEqual([]);
      expect(found.invalid.slice(0, 5)).toEqual([]);
      if (RUNS < 5_000) return;
      expect(Object.keys(found.outcomes).sort()).toEqual(
        expect.arrayContaining(["303", "400", "answered", "nothing", "not_matched", "our_fault", "refused", "timed_out"]),
      );
    },
    LONG_MS,
  );
});

describe("the fuzz can fail", () => {
  /** All offers, with a part of every redirect platform's provider put wrong. */
  function mutate(change: (provider: RedirectProvider) => Partial<RedirectProvider>): void {
    (globalThis as { latchkeyOffers?: readonly Offer[] }).latchkeyOffers = at.offers.map((offer) =>
      offer.provider.kind === "redirect" ? { ...offer, provider: { ...offer.provider, ...change(offer.provider) } } : offer,
    );
  }

  it("a provider that breaks is a crash", async () => {
    mutate(() => ({ exchange: () => Promise.reject(new TypeError("mutant")) }));
    expect((await tokens(40)).crashes.length).toBeGreaterThan(10);
  });

  it("a provider that cleans nothing leaves invalid rows", async () => {
    mutate(({ inspect }) => ({ inspect: async (grant, io) => ({ ...(await inspect(grant, io)), label: "\u202eRiyadh\u0007" }) }));
    expect((await tokens(60)).invalid.join()).toContain("holds clean text");
  });

  it("a provider that lets a secret out leaves invalid rows", async () => {
    // Its beginning is enough for the judge; whole, it would be found by the search through all that the tests have written.
    const beginning = (secret: string | null) => /CNRY-.{8}/.exec(secret ?? "")?.[0] ?? null;
    mutate(({ inspect }) => ({ inspect: async (grant, io) => ({ ...(await inspect(grant, io)), label: beginning(grant.access) }) }));
    expect((await tokens(60)).invalid.join()).toContain("holds no secret in the clear");
  });

  it("a code that is sent again is found", async () => {
    mutate(({ exchange }) => ({ exchange: (answer, io) => exchange(answer, io).catch(() => exchange(answer, io)) }));
    expect((await tokens(60)).invalid.join()).toContain("was sent 2 times");
    at.codes.clear();
  });

  it("an answer that cannot be read is an unexpected 5xx", async () => {
    mutate(() => ({
      readAnswer: () => {
        throw new TypeError("mutant");
      },
    }));
    expect((await callbacks(60)).unexpected.join()).toContain("status 500");
  });
});
