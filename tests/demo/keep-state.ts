import { appendFileSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import type { Simulator } from "@/tests/simulators/simulator";
import { type Change, watched } from "./watched-state";

/** What an earlier run kept in `file`; undefined where there was none. Throws where the file is not JSON. */
export function readState<T>(file: string | null): T | undefined {
  if (file === null) return undefined;
  const text = readText(file);
  if (text === undefined) return undefined;
  const state = JSON.parse(text) as Record<string, unknown>;
  for (const line of (readText(changesOf(file)) ?? "").split("\n")) if (line) carryOut(state, line);
  return state as T;
}

/** What changed since the file was written, a line each: a platform with a million accounts does not write them all down for each call. */
const changesOf = (file: string): string => file.replace(/json$/, "jsonl");

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

function carryOut(state: Record<string, unknown>, line: string): void {
  let change: Change;
  try {
    change = JSON.parse(line) as Change;
  } catch {
    // Whoever wrote it was killed meanwhile, before anybody was answered.
    return;
  }
  const [first, second, value] = change;
  const under = state[first] as Record<string, unknown>;
  if (second === null) state[first] = value;
  else if (value === undefined) delete under[second];
  else under[second] = value;
}

/** Puts text in a file that only its owner may read: beside its place, then renamed, so that nobody ever reads half of it. */
export function writeWhole(file: string, text: string): void {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, text, { mode: 0o600 });
  renameSync(draft, file);
}

/** A state whose changes are written to `file`'s side when `keep` is called. It begins with a file that holds it whole. */
export function keptState<T extends object>(state: T, file: string): { state: T; keep: () => void } {
  writeWhole(file, JSON.stringify(state));
  rmSync(changesOf(file), { force: true });
  const { proxy, changes } = watched(state);
  const keep = () => {
    const lines = changes().map((change) => `${JSON.stringify(change)}\n`);
    if (lines.length > 0) appendFileSync(changesOf(file), lines.join(""), { mode: 0o600 });
  };
  return { state: proxy, keep };
}

/** The simulator, writing what it remembers before each answer: a platform does not forget what it has issued. */
export function keepState<S extends Simulator>(simulator: S, keep: () => void): S {
  return {
    ...simulator,
    async handle(request: Request) {
      const response = await simulator.handle(request);
      keep();
      return response;
    },
  };
}
