import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { keptState, readState } from "@/tests/demo/keep-state";
import { chance } from "@/tests/demo/seeding/chance";

type State = { issued: Record<string, { uses: string[]; used: boolean }>; grants: { alive: boolean; names: string[] }[]; secret: string };
const fresh = (): State => ({ issued: {}, grants: [{ alive: true, names: ["one"] }], secret: "first" });

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "latchkey-state-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it("what a platform remembers is there again, however it changed, and a line that was cut off is not", () => {
  const file = join(folder, "platform.json");
  const { state, keep } = keptState(fresh(), file);
  const raw = { uses: [] as string[], used: false };
  state.issued.token = raw;
  // The one who made it goes on with it before anybody is answered.
  raw.uses.push("early");
  keep();
  const held = state.issued.token;
  if (held) held.used = true;
  state.issued.token?.uses.push("late");
  state.issued.gone = { uses: [], used: false };
  keep();
  delete state.issued.gone;
  state.grants.push({ alive: true, names: [] });
  state.grants[1]?.names.push("two");
  keep();
  state.grants.splice(0, 1);
  const [first] = state.grants;
  if (first) first.alive = false;
  state.secret = "second";
  keep();
  const whole = {
    issued: { token: { uses: ["early", "late"], used: true } },
    grants: [{ alive: false, names: ["two"] }],
    secret: "second",
  };
  expect(readState(file)).toEqual(whole);
  expect(state).toEqual(whole);
  appendFileSync(join(folder, "platform.jsonl"), '["secret",nu');
  expect(readState(file)).toEqual(whole);
  // A second run begins with a file that holds it whole.
  keptState(readState<State>(file) as State, file);
  expect(readState(file)).toEqual(whole);
});

it("what was not kept is not there, and nothing is written where nothing changed", () => {
  const file = join(folder, "platform.json");
  const { state, keep } = keptState(fresh(), file);
  keep();
  expect(readState(join(folder, "platform.jsonl"))).toBeUndefined();
  state.secret = "never kept";
  expect(readState<State>(file)?.secret).toBe("first");
});

it("what is drawn is spread evenly, and alike whenever it is asked", () => {
  const tenths = Array<number>(10).fill(0);
  for (let index = 0; index < 20_000; index += 1) {
    const tenth = Math.floor(chance(0x5eed, index, 3) * 10);
    tenths[tenth] = (tenths[tenth] ?? 0) + 1;
  }
  for (const n of tenths) expect(n).toBeGreaterThan(1_800);
  expect(chance(0x5eed, 7, 3)).toBe(chance(0x5eed, 7, 3));
  expect(chance(0x5eed, 7, 3)).not.toBe(chance(0x5eee, 7, 3));
});
