export type Entry = { id: string; group: "acts" | "pages" | "settings"; label: string; run: () => void };

const text = (element: Element) => element.textContent?.trim() ?? "";
/** What it is called, where that is not what stands in it. */
const called = (element: Element) => element.getAttribute("aria-label") ?? text(element);

/**
 * What the page at hand offers, read from its own links and buttons: an entry presses the control that it stands for, so that nothing
 * is here that is not there as well. Where it stands tells its kind.
 */
export function paletteEntries(): Entry[] {
  const found = (group: Entry["group"], selector: string, label: (element: HTMLElement) => string = text) =>
    [...document.querySelectorAll<HTMLElement>(selector)].map((element) => ({ group, label: label(element), run: () => element.click() }));
  const theme = document.querySelector("[popovertarget=theme-menu]")?.getAttribute("aria-label") ?? "";
  const entries = [
    ...found("acts", "main [data-palette]"),
    ...found("pages", "#rail nav a[aria-current], #rail nav a"),
    ...found("settings", "header button[name=locale]", called),
    ...found("settings", "header button[name=times]", called),
    ...found("settings", "header button[name=theme]", (button) => `${theme}: ${text(button)}`),
    ...found("settings", "#account-menu form:last-of-type button"),
  ];
  const once = new Map(entries.map((entry) => [`${entry.group} ${entry.label}`, entry]));
  return [...once.values()].map((entry, nth) => ({ ...entry, id: `palette-${nth}` }));
}

/** Letters as they are typed in a hurry: without case, accents and Arabic marks. */
const plain = (word: string) =>
  word
    .normalize("NFKD")
    .replace(/[\p{M}ـ]/gu, "")
    .toLowerCase();

/** Those that have every typed word somewhere. */
export function fitting(entries: Entry[], typed: string): Entry[] {
  const words = plain(typed).split(/\s+/).filter(Boolean);
  return entries.filter(({ label }) => words.every((word) => plain(label).includes(word)));
}
