import { intlTag, type Locale } from "./locale";

export type FormatContext = { locale: Locale; timeZone: string; now: Date };

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** "9 Dec", or "9 Dec 2027" when that is not this year. */
export function formatDate(at: Date, { locale, timeZone, now }: FormatContext): string {
  const year = (date: Date) => new Intl.DateTimeFormat("en", { year: "numeric", timeZone }).format(date);
  return keepTogether(
    new Intl.DateTimeFormat(intlTag(locale), {
      day: "numeric",
      month: "short",
      year: year(at) === year(now) ? undefined : "numeric",
      timeZone,
    }).format(at),
  );
}

/** "14:05", or "14:05:20" with seconds. */
export function formatClock(at: Date, { locale, timeZone }: Omit<FormatContext, "now">, seconds = false): string {
  return new Intl.DateTimeFormat(intlTag(locale), {
    hour: "2-digit",
    minute: "2-digit",
    second: seconds ? "2-digit" : undefined,
    hourCycle: "h23",
    timeZone,
  }).format(at);
}

/** "9 December 2026, 14:05 GMT+3": nothing left to guess. */
export function formatExact(at: Date, { locale, timeZone }: Omit<FormatContext, "now">): string {
  const day = new Intl.DateTimeFormat(intlTag(locale), { day: "numeric", month: "long", year: "numeric", timeZone }).format(at);
  // The zone reads left to right in both languages; the isolate keeps "GMT+3" whole in an Arabic line.
  return `${keepTogether(day)}${locale === "ar" ? "، " : ", "}${formatClock(at, { locale, timeZone })} \u2066${formatZone(at, timeZone)}\u2069`;
}

/** "GMT+3": a zone as its clocks stand at that time. */
export function formatZone(at: Date, timeZone: string): string {
  const parts = new Intl.DateTimeFormat("en-GB", { timeZoneName: "short", timeZone }).formatToParts(at);
  return parts.find((part) => part.type === "timeZoneName")?.value ?? timeZone;
}

/**
 * As a person would say it: "3 min ago", "tomorrow", "in 6 days"; a date beyond 30 days. Less than an hour
 * ahead it is the clock's time, because a countdown that does not tick is soon wrong.
 */
export function formatRelative(at: Date, context: FormatContext): string {
  const distanceMs = at.getTime() - context.now.getTime();
  const size = Math.abs(distanceMs);
  if (size > 30 * dayMs) return formatDate(at, context);
  if (distanceMs > 0 && size < hourMs) return formatClock(at, context);
  const say = (amount: number, unit: Intl.RelativeTimeFormatUnit) =>
    keepTogether(new Intl.RelativeTimeFormat(intlTag(context.locale), { numeric: "auto", style: "short" }).format(amount, unit));
  if (size < 45_000) return say(0, "second");
  if (size < hourMs) return say(-Math.max(1, Math.floor(size / minuteMs)), "minute");
  if (size < dayMs) return say(Math.sign(distanceMs) * Math.floor(size / hourMs), "hour");
  return say(dayNumber(at, context.timeZone) - dayNumber(context.now, context.timeZone), "day");
}

/** 1,243, with Latin digits in both languages. */
export function formatNumber(value: number, locale: Locale): string {
  return new Intl.NumberFormat(intlTag(locale)).format(value);
}

/** 0.42 as "42%". */
export function formatPercent(share: number, locale: Locale): string {
  return new Intl.NumberFormat(intlTag(locale), { style: "percent" }).format(share);
}

// Days are counted at midnights of the reader's zone, so that "tomorrow" is tomorrow.
function dayNumber(at: Date, timeZone: string): number {
  const parts = new Intl.DateTimeFormat("en-CA", { year: "numeric", month: "2-digit", day: "2-digit", timeZone }).formatToParts(at);
  const part = (type: string) => Number(parts.find((p) => p.type === type)?.value);
  return Date.UTC(part("year"), part("month") - 1, part("day")) / dayMs;
}

// A number never stands at the end of a line without its unit.
function keepTogether(text: string): string {
  return text.replace(/(\d) (?=\p{L})/gu, "$1\u00a0");
}

/** "8s ago", "2h ago", however long. */
export function formatAgo(seconds: number, locale: Locale): string {
  const [amount, unit] = inUnits(seconds);
  return new Intl.RelativeTimeFormat(intlTag(locale), { numeric: "always", style: "narrow" }).format(-amount, unit);
}

/** "24 seconds", "3 hours". */
export function formatDuration(seconds: number, locale: Locale): string {
  const [amount, unit] = inUnits(seconds);
  return keepTogether(new Intl.NumberFormat(intlTag(locale), { style: "unit", unit, unitDisplay: "long" }).format(amount));
}

/** 12,345 as "12K": a mark has no room for more. */
export function formatCompact(value: number): string {
  return new Intl.NumberFormat("en", { notation: "compact" }).format(value);
}

function inUnits(seconds: number): [number, "second" | "minute" | "hour" | "day"] {
  if (seconds < 120) return [Math.round(seconds), "second"];
  if (seconds < 7_200) return [Math.round(seconds / 60), "minute"];
  if (seconds < 172_800) return [Math.round(seconds / 3_600), "hour"];
  return [Math.round(seconds / 86_400), "day"];
}
