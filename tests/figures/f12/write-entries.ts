import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";

const WRITERS = 8;
const program = fileURLToPath(new URL("./writer.ts", import.meta.url));

type What = { seed: number; mutant: string | null; address: string };

/** So many processes write so many entries together and seal them. Resolves to how long it took, from when all were ready. */
export async function writeEntries(total: number, { seed, mutant, address }: What): Promise<{ writers: number; seconds: number }> {
  const start = (number: number) =>
    fork(program, [JSON.stringify({ seed, number, count: total / WRITERS, mutant })], {
      execArgv: ["--conditions=react-server", "--import", "tsx"],
      env: { ...process.env, DATABASE_URL: address, NODE_ENV: "test" },
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
  const writers = Array.from({ length: WRITERS }, (_, number) => start(number));
  await Promise.all(writers.map((writer) => said(writer, "ready")));
  const began = performance.now();
  const done = writers.map((writer) => said(writer, "done"));
  for (const writer of writers) writer.send("go");
  await Promise.all(done);
  return { writers: WRITERS, seconds: (performance.now() - began) / 1000 };
}

const said = (writer: ChildProcess, word: string) =>
  new Promise<void>((resolve, reject) => {
    writer.on("message", (message) => message === word && resolve());
    writer.once("exit", (code) => reject(new Error(`A writer ended with ${code} before it was ${word}.`)));
  });
