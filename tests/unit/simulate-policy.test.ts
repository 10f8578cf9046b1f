import { expect, it } from "vitest";
import { simulatePolicy } from "@/lib/offers/simulate-policy";
import type { Policy } from "@/lib/providers/contract";

const DAY = 86_400;
const byDays: Policy = { kind: "refresh_token", renewAfter: { s: 7 * DAY }, lateAfter: { s: 8 * DAY }, graceS: 15 * DAY };

it("says of access that lives 30 days: renewed by day 7, late after day 8, expired on day 30, lost on day 45", () => {
  const { renews, states } = simulatePolicy(byDays, 30 * DAY);
  expect(renews).toEqual({ fromS: 6.3 * DAY, untilS: 7 * DAY });
  expect(states).toEqual([
    { state: "healthy", fromS: 0 },
    { state: "renewal_late", fromS: 8 * DAY },
    { state: "expired_renewable", fromS: 30 * DAY },
    { state: "needs_reconnect", fromS: 45 * DAY },
  ]);
});

it("says of what nothing renews that its owner is needed before its end", () => {
  const { renews, states } = simulatePolicy({ kind: "none", renewAfter: null, lateAfter: null, graceS: 0 }, 30 * DAY);
  expect(renews).toBeNull();
  expect(states.map(({ state }) => state)).toEqual(["healthy", "unknown", "expiring_soon", "needs_reconnect"]);
});
