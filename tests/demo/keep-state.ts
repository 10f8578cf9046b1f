import { readFileSync, renameSync, writeFileSync } from "node:fs";
import type { Simulator } from "@/tests/simulators/simulator";

/** What an earlier run kept in `file`; undefined where there was none. Throws where the file is not JSON. */
export function readState<T>(file: string | null): T | undefined {
  if (file === null) return undefined;
  try {
    return JSON.parse(readFileSync(file, "utf8")) as T;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** Puts text in a file that only its owner may read: beside its place, then renamed, so that nobody ever reads half of it. */
export function writeWhole(file: string, text: string): void {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, text, { mode: 0o600 });
  renameSync(draft, file);
}

/** The simulator, writing what it remembers before each answer: a platform does not forget what it has issued. */
export function keepState(simulator: Simulator, state: () => unknown, file: string): Simulator {
  let kept = "";
  const keep = () => {
    const text = JSON.stringify(state());
    if (text !== kept) writeWhole(file, text);
    kept = text;
  };
  keep();
  return {
    ...simulator,
    async handle(request) {
      const response = await simulator.handle(request);
      keep();
      return response;
    },
  };
}
