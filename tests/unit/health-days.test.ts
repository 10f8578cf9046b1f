import { expect, it } from "vitest";
import { dueDays } from "@/lib/health/due-days";
import { localDays } from "@/lib/health/local-days";

const iso = (at: Date | undefined) => at?.toISOString().slice(0, 16);

it.each([
  ["UTC", "2026-11-29T23:30:00Z", "2026-11-29T00:00"],
  ["Asia/Riyadh", "2026-11-29T23:30:00Z", "2026-11-29T21:00"],
  ["America/New_York", "2026-11-29T02:10:00Z", "2026-11-28T05:00"],
  ["Pacific/Kiritimati", "2026-11-29T10:00:00Z", "2026-11-29T10:00"],
])("today begins at midnight in %s", (zone, now, from) => {
  const told = localDays(new Date(now), zone, 45);
  expect([told.zone, iso(told.days[0]?.from), told.days.length]).toEqual([zone, from, 45]);
  for (const [index, day] of told.days.entries()) {
    expect(day.to).toEqual(told.days[index + 1]?.from ?? day.to);
    expect(day.hours).toHaveLength(24);
  }
});

it.each(["Asia/Kolkata", "Asia/Kathmandu", "Australia/Adelaide"])(
  "days are UTC's for a reader in %s, whose midnights are no whole hours of it",
  (zone) =>
    expect(localDays(new Date("2026-11-29T20:00:00Z"), zone, 7)).toMatchObject({
      zone: "UTC",
      days: [{ from: new Date("2026-11-29T00:00:00Z") }, {}, {}, {}, {}, {}, {}],
    }),
);

it.each([
  ["Europe/Berlin", "2026-03-28T12:00:00Z", 1, 23, 2],
  ["Europe/Berlin", "2026-10-24T12:00:00Z", 1, 25, null],
  // There is no midnight on that day in Cairo: the clock goes from 23:59 to 01:00.
  ["Africa/Cairo", "2026-04-23T12:00:00Z", 1, 23, 0],
])("in %s on %s the clock is moved on the next day", (zone, now, which, hours, skipped) => {
  const { days } = localDays(new Date(now), zone, 7);
  expect(days.map((day) => day.hours.length)).toEqual(days.map((_, index) => (index === which ? hours : 24)));
  const perHour = days.flatMap((day) => day.hours).map((_, part) => ({ part, offer: "square", renews: "planned" as const, n: 1 }));
  const cells = dueDays(days, perHour, null)[which]?.cells ?? [];
  expect(cells.indexOf(null)).toBe(skipped ?? -1);
  expect(cells.reduce((sum, cell) => sum + (cell?.n ?? 0), 0)).toBe(hours);
  // Where the clock is put back an hour is two.
  if (skipped === null) expect(cells[2]).toMatchObject({ n: 2 });
});
