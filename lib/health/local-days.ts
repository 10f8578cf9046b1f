const HOUR_MS = 3_600_000;

/** A day of a zone. `from` and `to` are whole hours of UTC, half-open; `hours` are those that begin in it, with what its clock shows then. */
export type LocalDay = { from: Date; to: Date; hours: { at: Date; clock: number }[] };

/** `zone`: the one whose days they are: UTC where the reader's is not whole hours from it, because what is counted is counted by the hour. */
export type LocalDays = { zone: string; days: LocalDay[] };

/** Today and the days after it, `count` in all. */
export function localDays(now: Date, timeZone: string, count: number): LocalDays {
  const hours = Array.from({ length: (count + 3) * 24 }, (_, index) => new Date(floorHour(now).getTime() + (index - 26) * HOUR_MS));
  const asked = hours.map(reader(timeZone));
  const zone = asked.every(({ minute }) => minute === 0) ? timeZone : "UTC";
  const shown = zone === timeZone ? asked : hours.map(reader(zone));
  const today = shown[26]?.day ?? "";
  const days: (LocalDay & { day: string })[] = [];
  for (const [index, at] of hours.entries()) {
    const { day = "", hour = 0 } = shown[index] ?? {};
    if (day < today) continue;
    const last = days.at(-1);
    if (last) last.to = at;
    if (last?.day === day) last.hours.push({ at, clock: hour });
    else days.push({ day, from: at, to: at, hours: [{ at, clock: hour }] });
  }
  return { zone, days: days.slice(0, count).map(({ from, to, hours: own }) => ({ from, to, hours: own })) };
}

export const floorHour = (at: Date): Date => new Date(Math.floor(at.getTime() / HOUR_MS) * HOUR_MS);
export const ceilHour = (at: Date): Date => new Date(Math.ceil(at.getTime() / HOUR_MS) * HOUR_MS);

/** What a zone's clock shows. The parts of "2026-11-29, 14:00" are read by their places: it is done for a thousand hours a page. */
function reader(timeZone: string): (at: Date) => { day: string; hour: number; minute: number } {
  const format = new Intl.DateTimeFormat("en-CA", {
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    timeZone,
  });
  return (at) => {
    const text = format.format(at);
    return { day: text.slice(0, 10), hour: Number(text.slice(-5, -3)), minute: Number(text.slice(-2)) };
  };
}
