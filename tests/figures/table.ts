import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

type Run = {
  database: string;
  n: number;
  of: string;
  failures: number;
  bound95: string | null;
  line?: string;
  result?: { survivors?: string[] };
};
export type Kept = {
  figure: string;
  title: string;
  size: "gate" | "night";
  command: string;
  date: string;
  commit: string;
  runs: Run[];
  notTested: string[];
};
export type KeptMutants = { figure: string; killed: { failures: number }[] };

export const BEGIN = "<!-- figures: written by `npm run figures -- --table` -->";
export const END = "<!-- figures end -->";

/** What no figure can show on a machine without a way to the outside. */
const NOT_TESTED = [
  "real platforms: all of them are strict simulators, built from their documentation",
  "real power loss: processes and servers are killed, the machine is not",
  "other kernels and other processors than the one in each file",
  "Neon itself: its driver is tested through a bridge and a pooler of our own",
];

const number = (id: string) => Number(id.slice(1));
const cell = (text: string) => text.replaceAll("|", "\\|").replaceAll("\n", " ");
const where = ({ database }: Run) => (database === "none" ? "" : `${database}: `);

function row(kept: Kept, mutants: KeptMutants): string {
  const per = (what: (run: Run) => string) => kept.runs.map((run) => cell(`${where(run)}${what(run)}`)).join("<br>");
  const result = per(({ failures, line, n, of }) => `${failures > 0 ? "**red**, " : ""}${line ?? `${n} ${of}, ${failures} failures`}`);
  const red = `${mutants.killed.length} of ${mutants.killed.length} mutants red`;
  const cells = [
    `**${kept.figure}**${kept.size === "night" ? ", night" : ""}`,
    `${cell(kept.title)}.<br>${result}<br>${red}`,
    per(({ n, of }) => `${n} ${of}`),
    per(({ bound95 }) => bound95 ?? "none"),
    kept.date,
    kept.commit,
    `\`${kept.command}\``,
  ];
  return `| ${cells.join(" | ")} |`;
}

/** The README's part about figures. One that has no red mutant shows nothing and is not published. */
export function tableOf(kept: readonly Kept[], mutants: readonly KeptMutants[]): string {
  const sorted = [...kept].sort((a, b) => number(a.figure) - number(b.figure) || a.size.localeCompare(b.size));
  const killed = new Map(mutants.map((one) => [one.figure, one]));
  const proved = (id: string) => {
    const found = killed.get(id)?.killed ?? [];
    return found.length > 0 && found.every(({ failures }) => failures > 0);
  };
  const published = sorted.filter(({ figure }) => proved(figure));
  const rows = published.map((one) => row(one, killed.get(one.figure) as KeptMutants));
  const latest = new Map(published.map((one) => [one.figure, one]));
  const missing = [...latest.values()].filter(({ notTested }) => notTested.length > 0);
  const f8 = published.filter(({ figure }) => figure === "F8").flatMap(({ runs }) => runs);
  const survivors = f8.flatMap(({ result }) => result?.survivors ?? []);
  return [
    "| Figure | Result | N | 95 % bound | Date | Commit | Command |",
    "|---|---|---|---|---|---|---|",
    ...rows,
    "",
    "Not tested, in any of them:",
    "",
    ...NOT_TESTED.map((line) => `- ${line}`),
    ...(missing.length > 0 ? ["", "Nor in one of them:", ""] : []),
    ...missing.map(({ figure, notTested }) => `- ${figure}: ${notTested.join("; ")}`),
    ...(f8.length > 0 ? ["", `Mutants of F8 that no test kills: ${survivors.length === 0 ? "none" : survivors.join("; ")}.`] : []),
  ].join("\n");
}

const read = <T>(folder: string, wanted: (name: string) => boolean): T[] =>
  readdirSync(folder)
    .filter((name) => /^F\d+.*\.json$/.test(name) && wanted(name))
    .map((name) => JSON.parse(readFileSync(join(folder, name), "utf8")) as T);

/** The part as it must be, from what the figures have written. */
export function tableIn(folder: string): string {
  const isMutants = (name: string) => name.endsWith("-mutants.json");
  return tableOf(
    read<Kept>(folder, (name) => !isMutants(name)),
    read<KeptMutants>(folder, isMutants),
  );
}

/** What stands between the markers, whatever it is. */
export function between(readme: string): { before: string; part: string; after: string } {
  const [before, rest] = readme.split(BEGIN);
  const [part, after] = rest?.split(END) ?? [];
  if (before === undefined || part === undefined || after === undefined)
    throw new Error("The README has lost its markers for the figures.");
  return { before, part: part.trim(), after };
}

export function writeTable(root: string): void {
  const path = join(root, "README.md");
  const { before, after } = between(readFileSync(path, "utf8"));
  writeFileSync(path, `${before}${BEGIN}\n\n${tableIn(join(root, "tests/figures"))}\n\n${END}${after}`);
}
