import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { keepOutput } from "@/tests/leaks/run-folder";

/** The product's own log lines, which tests of its handlers write as a matter of course. */
const LOG_LINE = /^\{"at":".*"level":"/;

/** Runs one of the project's programs and shows what it says, log lines apart, and keeps all of it; resolves to its exit status. */
export function program(name: string, values: readonly string[], environment: Record<string, string> = {}): Promise<number> {
  return new Promise((resolve, reject) => {
    const colour = process.stdout.isTTY ? { FORCE_COLOR: "1" } : {};
    const child = spawn(process.execPath, [`node_modules/.bin/${name}`, ...values], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ...colour, ...environment },
    });
    createInterface({ input: child.stdout }).on("line", (line) => {
      keepOutput(name, `${line}\n`);
      if (!LOG_LINE.test(line)) process.stdout.write(`${line}\n`);
    });
    child.stderr.on("data", (chunk: Buffer) => {
      keepOutput(name, chunk.toString());
      process.stderr.write(chunk);
    });
    child.once("error", reject).once("close", (code) => resolve(code ?? 1));
  });
}
