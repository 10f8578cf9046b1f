import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { ids } from "./all";

const run = fileURLToPath(new URL("./run.ts", import.meta.url));

function one(args: readonly string[]): Promise<boolean> {
  const child = spawn(process.execPath, ["--conditions=react-server", "--import", "tsx", run, ...args], { stdio: "inherit" });
  return new Promise((resolve) => child.once("exit", (code) => resolve(code === 0)));
}

/** All figures, each in a process of its own, so that none meets what another left; says how long all of it took. */
export async function each(options: readonly string[], say: (line: string) => void): Promise<boolean> {
  const began = performance.now();
  const red: string[] = [];
  const all = ids();
  for (const id of all) if (!(await one([id, ...options]))) red.push(id);
  const seconds = Math.round((performance.now() - began) / 1000);
  const verdict = red.length === 0 ? "all of them green" : `RED: ${red.join(", ")}`;
  say(`${all.length} figures in ${Math.floor(seconds / 60)} min ${seconds % 60} s, ${verdict}`);
  return red.length === 0;
}
