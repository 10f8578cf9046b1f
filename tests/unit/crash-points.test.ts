import { describe, expect, it } from "vitest";
import { bare, pointNames, sources } from "@/tests/support/crash-points";

const bareIn = (body: string) => bare("a.ts", `async function does() {\n${body}\n}\n`).bare.map(({ line }) => line);

describe("crash points", () => {
  it.each([
    ["a commit without any", "  await transaction(write);", [2]],
    ["a commit with one before it only", '  crashPoint("a");\n  await transaction(write);', [3]],
    ["a call with one after it only", '  await provider.refresh(grant, io);\n  crashPoint("a");', [2]],
    [
      "two with nothing between",
      '  crashPoint("a");\n  await mark(database(), id);\n  await provider.refresh(grant, io);\n  crashPoint("b");',
      [3, 4],
    ],
    ["a point that stands in the transaction itself", '  await transaction(async (tx) => {\n    crashPoint("a");\n  });', [2]],
    ["a point in another function", '  await transaction(write);\n}\nfunction other() {\n  crashPoint("a");', [2]],
    ["a point in a comment", '  // crashPoint("a")\n  await transaction(write);\n  // crashPoint("b")', [3]],
    ["a write among the statements given the database", "  await storeAnything(database(), id);", [2]],
    ["one inside a crossing", '  await crossing("a", () => persist(() => transaction(write)));', []],
    ["one with a point on each side", '  crashPoint("a");\n  await provider.refresh(grant, io);\n  crashPoint("b");', []],
    ["a statement that only looks", "  await findConnection(database(), id);", []],
  ])("%s", (_what, body, lines) => {
    expect(bareIn(body)).toEqual(lines);
  });

  it("stand before and after every call to the outside and every commit of connect, exchange, renew, revoke, webhook and journal", () => {
    const read = sources().map(({ file, source }) => bare(file, source));
    const edges = read.reduce((sum, one) => sum + one.edges, 0);
    const names = sources().flatMap(({ source }) => pointNames(source));
    process.stdout.write(`${edges} calls and commits, ${names.length} points\n`);
    expect(read.flatMap((one) => one.bare)).toEqual([]);
    expect(edges).toBeGreaterThan(60);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });
});
