import { describe, expect, it } from "vitest";
import { formatClock, formatDate, formatExact, formatNumber, formatPercent, formatRelative } from "@/lib/format";
import type { Locale } from "@/lib/locale";

const now = new Date("2026-11-20T10:00:00Z");
const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

function relative(distanceMs: number, locale: Locale = "en", timeZone = "Asia/Riyadh", from = now): string {
  return formatRelative(new Date(from.getTime() + distanceMs), { locale, timeZone, now: from });
}

describe("formatRelative", () => {
  it.each([
    [0, "now"],
    [-44_000, "now"],
    [-46_000, "1 min ago"],
    [-3 * minute, "3 min ago"],
    [-59 * minute - 59_000, "59 min ago"],
    [-hour, "1 hr ago"],
    [-23 * hour - 59 * minute, "23 hr ago"],
    [-day, "yesterday"],
    [-6 * day, "6 days ago"],
    [-30 * day, "30 days ago"],
    [hour, "in 1 hr"],
    [6 * day, "in 6 days"],
    [30 * day, "in 30 days"],
  ])("says %i ms as %s", (distanceMs, words) => {
    expect(relative(distanceMs).replaceAll("\u00a0", " ")).toBe(words);
  });

  it("gives the clock's time less than an hour ahead, in the reader's zone", () => {
    expect(relative(5 * minute)).toBe("13:05");
    expect(relative(5 * minute, "en", "UTC")).toBe("10:05");
    expect(relative(hour - 1)).toBe("13:59");
  });

  it("gives a date beyond 30 days, with the year when it is another", () => {
    expect(relative(-30 * day - 1)).toBe("21\u00a0Oct");
    expect(relative(60 * day)).toBe("19\u00a0Jan 2027");
  });

  it("counts days at midnights of the reader's zone", () => {
    const lateEvening = new Date("2026-11-20T20:30:00Z");
    expect(relative(25 * hour, "en", "Asia/Riyadh", lateEvening)).toBe("in 2\u00a0days");
    expect(relative(25 * hour, "en", "UTC", lateEvening)).toBe("tomorrow");
  });

  it("speaks Arabic with Latin digits and the right plural", () => {
    expect(relative(-3 * minute, "ar").replaceAll("\u00a0", " ")).toBe("قبل 3 دقائق");
    expect(relative(-59 * minute, "ar").replaceAll("\u00a0", " ")).toBe("قبل 59 دقيقة");
    expect(relative(day, "ar")).toBe("غدًا");
  });

  it("never separates a number from its unit", () => {
    expect(relative(6 * day)).toContain("6\u00a0days");
  });
});

describe("dates and numbers", () => {
  const english = { locale: "en", timeZone: "Asia/Riyadh", now } as const;
  const arabic = { locale: "ar", timeZone: "Asia/Riyadh", now } as const;

  it("reads day before month and keeps the Gregorian calendar", () => {
    const at = new Date("2026-12-09T11:05:20Z");
    expect(formatDate(at, english)).toBe("9\u00a0Dec");
    expect(formatDate(at, arabic)).toBe("9\u00a0ديسمبر");
    expect(formatClock(at, english)).toBe("14:05");
    expect(formatClock(at, arabic, true)).toBe("14:05:20");
  });

  it("keeps the year when it is not this one in the reader's zone", () => {
    const newYear = new Date("2026-12-31T22:00:00Z");
    expect(formatDate(newYear, english)).toBe("1\u00a0Jan 2027");
    expect(formatDate(newYear, { ...english, timeZone: "UTC" })).toBe("31\u00a0Dec");
  });

  it("leaves nothing to guess in an exact time", () => {
    const at = new Date("2026-12-09T11:05:20Z");
    expect(formatExact(at, english)).toBe("9\u00a0December 2026, 14:05 \u2066GMT+3\u2069");
    expect(formatExact(at, { ...english, timeZone: "UTC" })).toBe("9\u00a0December 2026, 11:05 \u2066UTC\u2069");
    expect(formatExact(at, arabic)).toBe("9\u00a0ديسمبر 2026، 14:05 \u2066GMT+3\u2069");
  });

  it("writes midnight as 00:00", () => {
    expect(formatClock(new Date("2026-12-08T21:00:00Z"), english)).toBe("00:00");
  });

  it("groups numbers with Latin digits in both languages", () => {
    expect(formatNumber(1243, "en")).toBe("1,243");
    expect(formatNumber(1243, "ar")).toBe("1,243");
    expect(formatPercent(0.42, "ar")).toMatch(/42/);
  });
});
