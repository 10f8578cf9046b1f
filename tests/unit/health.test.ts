import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  attention,
  type HealthFacts,
  type HealthState,
  health,
  healthStates,
  merchantWord,
  merchantWords,
  nextChange,
  ownerEnd,
  pointOfNoReturn,
} from "@/lib/connections/health";
import { backoffS, moment, nextRefresh } from "@/lib/connections/next-refresh";
import type { Policy } from "@/lib/providers/contract";
import { platforms } from "@/tests/support/platforms";

const { providers } = platforms();
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const START = Date.parse("2026-11-21T09:00:00Z");
const at = (offsetMs: number) => new Date(START + offsetMs);

const facts = (more: Partial<HealthFacts> = {}): HealthFacts => ({
  status: "active",
  issuedAt: at(0),
  expiresAt: null,
  renewableUntil: null,
  renewable: true,
  lastProofAt: at(0),
  firstFailureAt: null,
  failures: 0,
  trouble: null,
  leaseUntil: null,
  sentAt: null,
  ...more,
});

type Line = [name: string, policy: Policy, more: Partial<HealthFacts>, states: [offsetMs: number, state: HealthState][]];
const { noon, norce, square, ultracart, oauth2 } = providers;
const failing = { firstFailureAt: at(0), failures: 1, trouble: "transient" };

const lines: Line[] = [
  [
    "Square renews by itself",
    square.policy(true),
    { expiresAt: at(30 * DAY) },
    [
      [0, "healthy"],
      [7 * DAY, "healthy"],
      [8 * DAY - 1, "healthy"],
      [8 * DAY, "healthy"],
      [8 * DAY + 1, "renewal_late"],
      [30 * DAY - 1, "renewal_late"],
      [30 * DAY, "expired_renewable"],
      [30 * DAY + 1, "expired_renewable"],
      [400 * DAY, "expired_renewable"],
    ],
  ],
  [
    "Square without a refresh token, legacy",
    square.policy(false),
    { renewable: false, expiresAt: at(30 * DAY) },
    [
      [8 * DAY, "healthy"],
      [8 * DAY + 1, "renewal_late"],
      [30 * DAY - 1, "renewal_late"],
      [30 * DAY, "expired_renewable"],
      [45 * DAY - 1, "expired_renewable"],
      [45 * DAY, "needs_reconnect"],
      [45 * DAY + 1, "needs_reconnect"],
    ],
  ],
  [
    "Square with a refresh token for one use and 90 days",
    square.policy(true),
    { expiresAt: at(30 * DAY), renewableUntil: at(90 * DAY) },
    [
      [0, "healthy"],
      [8 * DAY + 1, "renewal_late"],
      [30 * DAY, "expired_renewable"],
      [90 * DAY - 1, "expired_renewable"],
      [90 * DAY, "needs_reconnect"],
      [90 * DAY + 1, "needs_reconnect"],
    ],
  ],
  [
    "UltraCart, an hour",
    ultracart.policy(true),
    { expiresAt: at(HOUR) },
    [
      [0, "healthy"],
      [45 * MINUTE - 1, "healthy"],
      [45 * MINUTE, "healthy"],
      [45 * MINUTE + 1, "renewal_late"],
      [HOUR - 1, "renewal_late"],
      [HOUR, "expired_renewable"],
      [400 * DAY, "expired_renewable"],
    ],
  ],
  [
    "UltraCart whose lifetime was not told",
    ultracart.policy(true),
    {},
    [
      [0, "healthy"],
      [DAY, "healthy"],
      [DAY + 1, "unknown"],
    ],
  ],
  [
    "UltraCart without a refresh token",
    ultracart.policy(false),
    { renewable: false, expiresAt: at(HOUR) },
    [
      [30 * MINUTE - 1, "healthy"],
      [30 * MINUTE, "expiring_soon"],
      [HOUR - 1, "expiring_soon"],
      [HOUR, "needs_reconnect"],
    ],
  ],
  [
    "Norce past its ten minutes",
    norce.policy(true),
    { expiresAt: at(10 * MINUTE) },
    [
      [0, "healthy"],
      [10 * MINUTE - 1, "healthy"],
      [10 * MINUTE, "healthy"],
      [10 * MINUTE + 1, "healthy"],
      [DAY, "healthy"],
      [DAY + 1, "unknown"],
      [60 * DAY, "unknown"],
    ],
  ],
  [
    "Norce whose next token could not be fetched",
    norce.policy(true),
    { expiresAt: at(10 * MINUTE), ...failing },
    [
      [10 * MINUTE, "healthy"],
      [15 * MINUTE, "healthy"],
      [15 * MINUTE + 1, "expired_renewable"],
    ],
  ],
  [
    "Norce that failed twice, within its ten minutes",
    norce.policy(true),
    { expiresAt: at(10 * MINUTE), ...failing, failures: 2 },
    [
      [MINUTE, "refresh_failing"],
      [10 * MINUTE, "refresh_failing"],
      [15 * MINUTE + 1, "expired_renewable"],
    ],
  ],
  [
    "Noon whose session ran out",
    noon.policy(true),
    { expiresAt: at(30 * DAY), lastProofAt: at(29 * DAY) },
    [
      [30 * DAY - 1, "healthy"],
      [30 * DAY, "healthy"],
      [36 * DAY, "healthy"],
      [36 * DAY + 1, "unknown"],
    ],
  ],
  [
    "Noon whose session could not be renewed",
    noon.policy(true),
    { expiresAt: at(0), ...failing },
    [
      [15 * MINUTE, "healthy"],
      [15 * MINUTE + 1, "expired_renewable"],
    ],
  ],
  [
    "Noon with a key of 90 days",
    noon.policy(true),
    { renewableUntil: at(90 * DAY), lastProofAt: at(89 * DAY) },
    [
      [76 * DAY - 1, "healthy"],
      [76 * DAY, "expiring_soon"],
      [90 * DAY - 1, "expiring_soon"],
      [90 * DAY, "needs_reconnect"],
    ],
  ],
  [
    "the same though its last session is a day old",
    noon.policy(true),
    { issuedAt: at(88 * DAY), renewableUntil: at(90 * DAY), lastProofAt: at(88 * DAY) },
    [
      [88 * DAY, "expiring_soon"],
      [89.5 * DAY, "expiring_soon"],
      [90 * DAY, "needs_reconnect"],
    ],
  ],
  [
    "a standard platform, an hour",
    oauth2.policy(true),
    { expiresAt: at(HOUR) },
    [
      [45 * MINUTE, "healthy"],
      [45 * MINUTE + 1, "renewal_late"],
      [HOUR, "expired_renewable"],
    ],
  ],
  [
    "a standard platform, access alone for 90 days",
    oauth2.policy(false),
    { renewable: false, expiresAt: at(90 * DAY), lastProofAt: at(80 * DAY) },
    [
      [76 * DAY - 1, "healthy"],
      [76 * DAY, "expiring_soon"],
      [90 * DAY, "needs_reconnect"],
      [90 * DAY + 1, "needs_reconnect"],
    ],
  ],
  [
    "a standard platform, access alone for 30 days",
    oauth2.policy(false),
    { renewable: false, expiresAt: at(30 * DAY), lastProofAt: at(23 * DAY) },
    [
      [24 * DAY - 1, "healthy"],
      [24 * DAY, "expiring_soon"],
      [30 * DAY, "needs_reconnect"],
    ],
  ],
  [
    "a standard platform, access alone for 10 days",
    oauth2.policy(false),
    { renewable: false, expiresAt: at(10 * DAY), lastProofAt: at(6 * DAY) },
    [
      [7 * DAY - 1, "healthy"],
      [7 * DAY, "expiring_soon"],
    ],
  ],
  [
    "a standard platform that told no end",
    oauth2.policy(false),
    { renewable: false },
    [
      [7 * DAY, "healthy"],
      [7 * DAY + 1, "unknown"],
      [400 * DAY, "unknown"],
    ],
  ],
  [
    "a refresh token that lapsed where access has no known end",
    oauth2.policy(true),
    { renewableUntil: at(20 * DAY), lastProofAt: at(15.5 * DAY) },
    [
      [16 * DAY - 1, "healthy"],
      [16 * DAY, "expiring_soon"],
      [20 * DAY - 1, "expiring_soon"],
      [20 * DAY, "needs_reconnect"],
    ],
  ],
  [
    "never proved",
    square.policy(true),
    { expiresAt: at(30 * DAY), lastProofAt: null },
    [
      [0, "unknown"],
      [8 * DAY + 1, "renewal_late"],
    ],
  ],
  [
    "one failure",
    square.policy(true),
    { expiresAt: at(30 * DAY), ...failing },
    [
      [15 * MINUTE - 1, "healthy"],
      [15 * MINUTE, "healthy"],
      [15 * MINUTE + 1, "refresh_failing"],
      [30 * DAY, "expired_renewable"],
    ],
  ],
  ["in doubt", square.policy(true), { expiresAt: at(30 * DAY), ...failing, trouble: "doubt" }, [[1, "refresh_failing"]]],
  [
    "a lease that runs, and one that ran out",
    square.policy(true),
    { expiresAt: at(30 * DAY), leaseUntil: at(30_000) },
    [
      [0, "renewing"],
      [29_999, "renewing"],
      [30_000, "healthy"],
      [30_001, "healthy"],
      [9 * DAY, "renewal_late"],
    ],
  ],
  [
    "sent and never settled: in doubt once the lease is over",
    oauth2.policy(true),
    { expiresAt: at(HOUR), leaseUntil: at(30_000), sentAt: at(0) },
    [
      [29_999, "renewing"],
      [30_000, "refresh_failing"],
      [HOUR, "expired_renewable"],
    ],
  ],
  ["a lease on access that ran out", square.policy(true), { expiresAt: at(0), leaseUntil: at(30_000) }, [[1, "expired_renewable"]]],
];

describe("ux 3.3, each at and around its boundaries", () => {
  it.each(lines.flatMap(([name, policy, more, states]) => states.map(([ms, state]) => [name, ms, state, policy, more] as const)))(
    "%s, %i ms on: %s",
    (_name, ms, state, policy, more) => expect(health(facts(more), policy, at(ms))).toBe(state),
  );

  it.each<[HealthFacts["status"], HealthState]>([
    ["revoked", "revoked"],
    ["revoking", "revoked"],
    ["pending", "pending"],
    ["reconnect", "needs_reconnect"],
  ])("%s is %s whatever else is known", (status, state) => {
    for (const [, policy, more, states] of lines)
      for (const [ms] of states) expect(health(facts({ ...more, status }), policy, at(ms))).toBe(state);
  });
});

const date = fc.option(fc.integer({ min: -100 * DAY, max: 100 * DAY }).map(at));
const policy = fc.constantFrom(...Object.values(providers).flatMap((provider) => [provider.policy(true), provider.policy(false)]));
const anyFacts: fc.Arbitrary<HealthFacts> = fc.record({
  status: fc.constantFrom("pending", "active", "reconnect", "revoking", "revoked"),
  issuedAt: date,
  expiresAt: date,
  renewableUntil: date,
  renewable: fc.boolean(),
  lastProofAt: date,
  firstFailureAt: date,
  failures: fc.nat(5),
  trouble: fc.constantFrom(null, "transient", "doubt", "operator"),
  leaseUntil: date,
  sentAt: date,
});

/** How bad it is: what time alone may only worsen. */
const rank: Record<HealthState, number> = {
  renewing: 0,
  healthy: 1,
  unknown: 2,
  refresh_failing: 3,
  renewal_late: 3,
  expiring_soon: 3,
  expired_renewable: 4,
  needs_reconnect: 5,
  pending: 6,
  revoked: 7,
};

describe("any facts", () => {
  it("give exactly one of the ten states, the same each time, and one word for the merchant", () => {
    expect(new Set(healthStates).size).toBe(10);
    fc.assert(
      fc.property(anyFacts, policy, date, (some, by, when) => {
        const now = when ?? at(0);
        const state = health(some, by, now);
        expect(healthStates).toContain(state);
        expect(health({ ...some }, by, new Date(now))).toBe(state);
        expect(merchantWords).toContain(merchantWord(state));
        expect(attention[state]).toBeTypeOf("number");
      }),
      { numRuns: 2_000 },
    );
  });

  it("only get worse while they stand still", () => {
    fc.assert(
      fc.property(
        anyFacts,
        policy,
        fc.array(fc.integer({ min: -100 * DAY, max: 200 * DAY }), { minLength: 2, maxLength: 12 }),
        (some, by, times) => {
          const ranks = times.toSorted((a, b) => a - b).map((ms) => rank[health(some, by, at(ms))]);
          expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it("keep their state until the moment that is told with it, and have another one then", () => {
    fc.assert(
      fc.property(
        anyFacts,
        policy,
        fc.integer({ min: -100 * DAY, max: 100 * DAY }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (some, by, ms, share) => {
          const now = at(ms);
          const state = health(some, by, now);
          const change = nextChange(some, by, now);
          const until = change?.getTime() ?? START + 400 * DAY;
          expect(until).toBeGreaterThan(now.getTime());
          const between = new Date(now.getTime() + Math.floor(share * (until - 1 - now.getTime())));
          expect(health(some, by, between)).toBe(state);
          expect(health(some, by, new Date(until - 1))).toBe(state);
          if (change) expect(health(some, by, change)).not.toBe(state);
        },
      ),
      { numRuns: 5_000 },
    );
  });

  it("need their owner at the point of no return, if nobody did anything, and not because of time alone before", () => {
    fc.assert(
      fc.property(anyFacts, policy, (some, by) => {
        const point = pointOfNoReturn(some, by);
        if (some.status !== "active") expect(point).toBeNull();
        if (point === null) return;
        const over = new Date(Math.max(point.getTime(), some.expiresAt?.getTime() ?? 0));
        expect(health(some, by, over)).toBe("needs_reconnect");
        expect(health(some, by, new Date(point.getTime() - 1))).not.toBe("needs_reconnect");
      }),
      { numRuns: 5_000 },
    );
  });

  it("never ask the owner while only we can act: what renews by itself names no end", () => {
    fc.assert(
      fc.property(anyFacts, (some) => {
        expect(ownerEnd({ ...some, renewableUntil: null }, square.policy(true))).toBeNull();
        expect(ownerEnd(some, norce.policy(true))).toBeNull();
      }),
    );
  });
});

describe("the point of no return", () => {
  it.each<[string, Policy, Partial<HealthFacts>, Date | null]>([
    ["a Square grant renews until Square refuses", square.policy(true), { expiresAt: at(30 * DAY) }, null],
    ["one without a refresh token has 15 days more", square.policy(false), { expiresAt: at(30 * DAY), renewable: false }, at(45 * DAY)],
    [
      "one with a refresh token for 90 days has those",
      square.policy(true),
      { expiresAt: at(30 * DAY), renewableUntil: at(90 * DAY) },
      at(90 * DAY),
    ],
    ["access alone ends with itself", oauth2.policy(false), { expiresAt: at(HOUR), renewable: false }, at(HOUR)],
    ["a Noon key without an end has none", noon.policy(true), { expiresAt: at(30 * DAY) }, null],
    ["a Noon key with an end has that", noon.policy(true), { expiresAt: at(DAY), renewableUntil: at(90 * DAY) }, at(90 * DAY)],
    ["Norce's is fetched as often as it takes", norce.policy(true), { expiresAt: at(HOUR) }, null],
  ])("%s", (_, by, more, point) => expect(pointOfNoReturn(facts(more), by)).toEqual(point));
});

describe("when it is due", () => {
  it.each<[string, Policy, Date | null, Date | null]>([
    ["Square: a week on", square.policy(true), at(30 * DAY), at(7 * DAY)],
    ["Square with less than a week: five minutes before its end", square.policy(true), at(2 * DAY), at(2 * DAY - 5 * MINUTE)],
    ["UltraCart: half its life", ultracart.policy(true), at(HOUR), at(HOUR / 2)],
    ["UltraCart whose lifetime is not known", ultracart.policy(true), null, null],
    ["Norce, kept warm: a tenth of its life before its end", norce.policy(true), at(10 * MINUTE), at(9 * MINUTE)],
    ["Noon, kept warm: five minutes before its end", noon.policy(true), at(30 * DAY), at(30 * DAY - 5 * MINUTE)],
    ["access alone: never", oauth2.policy(false), at(HOUR), null],
    ["R-13: access that was over before it came: not at once", square.policy(true), at(-DAY), at(5 * MINUTE)],
    ["R-13: access that lives for a second: not every second", oauth2.policy(true), at(1_000), at(5 * MINUTE)],
    ["access that lives for a minute", oauth2.policy(true), at(MINUTE), at(MINUTE / 2)],
  ])("%s", (_, by, expiresAt, due) => expect(nextRefresh(by, at(0), expiresAt, () => 0)).toEqual(due));

  it("R-22: is spread, so that 10,000 with one end do not come in one minute, and none comes later than its line", () => {
    for (const [by, life] of [
      [oauth2.policy(true), HOUR],
      [square.policy(true), 30 * DAY],
    ] as const) {
      const line = Number(nextRefresh(by, at(0), at(life), () => 0));
      const due = Array.from({ length: 10_000 }, () => Number(nextRefresh(by, at(0), at(life))));
      const minutes = Map.groupBy(due, (one) => Math.floor(one / MINUTE));
      expect(Math.max(...[...minutes.values()].map((some) => some.length))).toBeLessThan(10_000 / 2);
      expect(Math.max(...due)).toBeLessThanOrEqual(line);
      expect(Math.min(...due)).toBeGreaterThan(START + (line - START) * 0.89);
    }
  });

  it("comes before it is late, and that before it is over", () => {
    for (const provider of Object.values(providers)) {
      const { kind, renewAfter, lateAfter } = provider.policy(true);
      if (kind !== "refresh_token") continue;
      const [due, late] = [moment(renewAfter, at(0), at(30 * DAY)), moment(lateAfter, at(0), at(30 * DAY))];
      expect(Number(due)).toBeLessThan(Number(late));
      expect(Number(late)).toBeLessThan(START + 30 * DAY);
    }
  });

  it("is tried again later and later, never sooner than asked, within an hour", () => {
    const most = (failures: number) => backoffS(failures, 0, () => 0.999999);
    expect([0, 1, 2, 7, 8, 1000].map(most)).toEqual([17, 32, 62, 1922, 3602, 3602]);
    fc.assert(
      fc.property(fc.nat(2_000), fc.nat(10_000), fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (failures, asked, roll) => {
        const wait = backoffS(failures, asked, () => roll);
        expect(Number.isInteger(wait) && wait >= Math.max(2, asked) && wait <= Math.max(asked, 3_602)).toBe(true);
      }),
    );
  });
});

describe("A9: renewals that an admin holds back", () => {
  const policy: Policy = { kind: "refresh_token", renewAfter: { s: 7 * 86_400 }, lateAfter: { s: 8 * 86_400 }, graceS: null };
  const old = facts({ expiresAt: at(30 * DAY) });
  const held = { ...policy, pausedUntil: at(9 * DAY) };

  it("are not late before the pause ends, and what is true besides stays true", () => {
    expect(health(old, policy, at(8 * DAY + 1))).toBe("renewal_late");
    expect(health(old, held, at(8 * DAY + 1))).toBe("healthy");
    expect(health(old, held, at(9 * DAY))).toBe("renewal_late");
    expect(health({ ...old, failures: 2 }, held, at(8 * DAY + 1))).toBe("refresh_failing");
    expect(health({ ...old, expiresAt: at(8 * DAY) }, held, at(8 * DAY + 1))).toBe("expired_renewable");
  });

  it("have their states worked out anew when it ends", () => {
    expect(nextChange(old, held, at(8 * DAY + 1))).toEqual(at(9 * DAY));
  });
});
