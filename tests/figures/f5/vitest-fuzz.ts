import { spawn } from "node:child_process";

export type Fuzzed = { tokens: number; callbacks: number; crashes: number; unexpected: number; invalid: number; failed: boolean };

const LINE = /fuzz: ([\d,]+) token answers, ([\d,]+) callback queries, seed \d+: (\d+) crashes, (\d+) unexpected 5xx, (\d+) invalid rows/;
const number = (text: string | undefined) => Number((text ?? "").replaceAll(",", ""));

/** The same fuzz that the tests do small, over the sources in `root`: token answers through the real exchange, callback queries through the real handler. */
export async function vitestFuzz(runs: number, seed: number, root = process.cwd()): Promise<Fuzzed> {
  const values = [
    "node_modules/vitest/vitest.mjs",
    "run",
    "--project",
    "hostile input*",
    "tests/hostile/fuzz.test.ts",
    "-t",
    "generated (token answers|callback queries)",
  ];
  const env = {
    ...process.env,
    ...{ FUZZ_RUNS: String(runs), FUZZ_SEED: String(seed), NODE_OPTIONS: "", NODE_ENV: "test" as const },
    ...{ DATABASE_URL: undefined, LATCHKEY_KEYS: undefined, AUTH_SECRET: undefined },
  };
  const child = spawn(process.execPath, values, { cwd: root, env, stdio: ["ignore", "pipe", "inherit"] });
  let said = "";
  child.stdout.on("data", (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-200_000);
  });
  const status = await new Promise<number>((resolve) => child.once("close", (code) => resolve(code ?? 1)));
  const [, tokens, callbacks, crashes, unexpected, invalid] = LINE.exec(said) ?? [];
  if (tokens === undefined) throw new Error(`The fuzz of token answers and callbacks said nothing:\n${said.slice(-2_000)}`);
  return {
    tokens: number(tokens),
    callbacks: number(callbacks),
    crashes: number(crashes),
    unexpected: number(unexpected),
    invalid: number(invalid),
    failed: status !== 0,
  };
}
