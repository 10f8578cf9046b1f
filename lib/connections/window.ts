/**
 * A span of time that a list is narrowed to, half-open: between two instants, either of which may be missing; up to this moment (`past`);
 * or so many days that begin or end with it.
 */
export type Window = { from: string | null; to: string | null } | { past: true } | { days: number };

// There is no year 0 for the database.
const INSTANT = /^(?!0000)\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?Z)?$/;
const DAYS = /^([1-9]\d{0,3})d$/;
const DAY_MS = 86_400_000;

/** Null: not a window. */
export function windowOf(text: string): Window | null {
  if (text === "past") return { past: true };
  const days = DAYS.exec(text)?.[1];
  if (days) return { days: Number(days) };
  const [from = "", to = "", ...more] = text.split("..");
  if (!text.includes("..") || more.length > 0 || (from === "" && to === "")) return null;
  if (![from, to].every((end) => end === "" || (INSTANT.test(end) && Number.isFinite(Date.parse(end))))) return null;
  return { from: from || null, to: to || null };
}

export function windowText(window: Window): string {
  if ("past" in window) return "past";
  return "days" in window ? `${window.days}d` : `${window.from ?? ""}..${window.to ?? ""}`;
}

/** The instants that a window means as of `now`; so many days reach ahead, or back where what happened is asked for. */
export function spanOf(window: Window, now: Date, reach: "ahead" | "back"): { from: Date | null; to: Date | null } {
  if ("past" in window) return { from: null, to: now };
  if ("days" in window) {
    const other = new Date(now.getTime() + window.days * DAY_MS * (reach === "ahead" ? 1 : -1));
    return reach === "ahead" ? { from: now, to: other } : { from: other, to: now };
  }
  return { from: window.from === null ? null : new Date(window.from), to: window.to === null ? null : new Date(window.to) };
}
