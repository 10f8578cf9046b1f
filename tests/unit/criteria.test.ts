import { expect, it } from "vitest";
import { criteriaOf, criteriaQuery, narrows, noCriteria } from "@/lib/connections/criteria";
import { spanOf, windowOf } from "@/lib/connections/window";

const NOW = new Date("2026-12-01T12:00:00Z");

it.each([
  ["", {}],
  ["q=riyadh+shop", { text: "riyadh shop" }],
  ["state=healthy,needs_reconnect,nonsense", { states: ["needs_reconnect", "healthy"] }],
  [
    "offer=square&env=stage&cause=invalid_grant&renews=no",
    { offer: "square", environment: "stage", cause: "invalid_grant", renews: false },
  ],
  ["runs_out=2026-12-09T00:00Z..2026-12-10T00:00Z", { runsOut: { from: "2026-12-09T00:00Z", to: "2026-12-10T00:00Z" } }],
  ["due=7d&created=..2026-12-09", { due: { days: 7 }, created: { from: null, to: "2026-12-09" } }],
  ["owner=mer_1&sort=runs_out", { owner: "mer_1", sort: "runs_out" }],
])("%j asks for what it says, and says it again", (query, expected) => {
  const criteria = criteriaOf(Object.fromEntries(new URLSearchParams(query)));
  expect(criteria).toEqual({ ...noCriteria, ...expected });
  expect(criteriaOf(Object.fromEntries(criteriaQuery(criteria)))).toEqual(criteria);
});

it("S2: operators are understood among the words, in any case and order, and what is none stays a word", () => {
  expect(criteriaOf({ q: "amal provider:square status:needs_reconnect  env:stage books" })).toEqual({
    ...noCriteria,
    text: "amal books",
    states: ["needs_reconnect"],
    offer: "square",
    environment: "stage",
  });
  expect(criteriaOf({ q: "Platform:noon state:healthy,unknown renews:no", state: "revoked" })).toMatchObject({
    text: "",
    offer: "noon",
    states: ["unknown", "healthy"],
    renews: false,
  });
  expect(criteriaOf({ q: "status:broken https://shop.example owner: a:b" }).text).toBe("status:broken https://shop.example owner: a:b");
});

it.each(["nonsense", "..", "2026-12-09", "2026-12-09..2026-12-10..2026-12-11", "2026-13-40..", "0000-01-01..", "0d", "99999d", "a..b"])(
  "%j is no window",
  (text) => expect(windowOf(text)).toBeNull(),
);

it("a window is half-open, reaches ahead or back, and moves with the day only where it is told in days", () => {
  const at = (text: string, reach: "ahead" | "back") => {
    const { from, to } = spanOf(windowOf(text) ?? { past: true }, NOW, reach);
    return [from?.toISOString() ?? null, to?.toISOString() ?? null];
  };
  expect(at("7d", "ahead")).toEqual(["2026-12-01T12:00:00.000Z", "2026-12-08T12:00:00.000Z"]);
  expect(at("7d", "back")).toEqual(["2026-11-24T12:00:00.000Z", "2026-12-01T12:00:00.000Z"]);
  expect(at("past", "ahead")).toEqual([null, "2026-12-01T12:00:00.000Z"]);
  expect(at("2026-12-09..", "ahead")).toEqual(["2026-12-09T00:00:00.000Z", null]);
});

it("an order narrows nothing", () => {
  expect(narrows(criteriaOf({ sort: "updated" }))).toBe(false);
  expect(narrows(criteriaOf({ sort: "updated", q: "x" }))).toBe(true);
});
