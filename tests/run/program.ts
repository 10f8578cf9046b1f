import { spawn } from "node:child_process";

/** Runs one of the project's programs with this terminal; resolves to its exit status. */
export function program(name: string, values: readonly string[], environment: Record<string, string> = {}): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [`node_modules/.bin/${name}`, ...values], {
      stdio: "inherit",
      env: { ...process.env, ...environment },
    });
    child.once("error", reject).once("close", (code) => resolve(code ?? 1));
  });
}
