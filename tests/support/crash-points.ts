import { globSync, readFileSync } from "node:fs";

/** The verbs in which something is issued, spent, ended or told by a platform, and the journal; what lists, shows and hands out is not. */
const VERBS = [
  ...["begin-consent", "receive-answer", "connect-credentials", "connect-with-values", "import-grant", "exchange", "store-issued"],
  ...["adopt", "activate", "replaced", "end-pending", "end-parked", "prove", "session", "turn", "with-client", "open-io", "demote"],
  ...["renew-once", "settle-renewal", "keep-late", "promote-candidate", "set-aside-poisoned", "tell-doubts"],
  ...["revoke", "begin-revocation", "tell-platform", "end-siblings", "end-left-grants"],
  ...["receive-notice", "take-notice", "replay", "replay-journals", "recorded-io", "is-held"],
].map((name) => `lib/connections/${name}.ts`);
const JOBS = ["lib/jobs/renewing.ts", "lib/jobs/finish-lapsed.ts"];
const JOURNAL = "lib/journal/*.ts";
/** A handful of statements that only look; whatever else is given the database changes it. */
const LOOKS = /^(find|ever|due|closed|lapsed|read|any|is|every|uncommitted|rows|cameWhile|gateWait|gatePause|clockAnd|brokenOff)/;
/** Calls that leave this process, by the contract of a provider and of an `Io`, and writes to the journal's disk. */
const OUTSIDE =
  /\bprovider\s*\.(?:adopt\.)?(?:authorizationUrl|exchange|refresh|revoke|inspect|issue)\(|\b(?:fetch|call)\(\)|\bslots\.(?:take|write|free)\(/g;
const COMMIT = /\b(?:transaction|persist)\(|\b(\w+)\(database\(\)/g;
const POINT = /\bcrashPoint\("([\w.]+)"\)/g;
const CROSSING = /\bcrossing\("([\w.]+)",/g;

type Range = { from: number; to: number };
export type Edge = { file: string; line: number; text: string };

/** Comments and texts blanked out, so that brackets in them count for nothing; every place keeps its offset. */
function code(source: string): string {
  const blank = (text: string) => text.replace(/[^\n]/g, " ");
  return source
    .replace(/\/\*[\s\S]*?\*\//g, blank)
    .replace(/(?<!:)\/\/.*$/gm, blank)
    .replace(/`(?:[^`\\]|\\.)*`/g, (text) => `\`${blank(text.slice(1, -1))}\``)
    .replace(/^import [\s\S]*?;$/gm, blank);
}

/** From a match that ends with an opening bracket, or that has one in it, to the bracket that closes it. */
function callAt(text: string, from: number): Range {
  let depth = 0;
  for (let at = text.indexOf("(", from); at < text.length; at += 1) {
    if (text[at] === "(") depth += 1;
    if (text[at] === ")") depth -= 1;
    if (depth === 0) return { from, to: at };
  }
  return { from, to: text.length };
}

/** Function by function, as they stand at the margin. */
function functionsOf(text: string): Range[] {
  const starts = [...text.matchAll(/^(?:export )?(?:async )?(?:function|const|class)\b/gm)].map(({ index }) => index);
  return starts.map((from, at) => ({ from, to: starts[at + 1] ?? text.length }));
}

const within = (inner: Range, outer: Range) => inner.from > outer.from && inner.to <= outer.to;

/** Calls to the outside and commits of one source that have no point before or none after them. */
export function bare(file: string, source: string): { bare: Edge[]; edges: number } {
  const text = code(source);
  const calls = (pattern: RegExp) => [...text.matchAll(pattern)].map((match) => ({ match, range: callAt(text, match.index) }));
  const found = [...calls(OUTSIDE), ...calls(COMMIT).filter(({ match }) => match[1] === undefined || !LOOKS.test(match[1]))].map(
    ({ range }) => range,
  );
  // What a transaction does, and what is repeated until it is committed, is one commit.
  const edges = found.filter((edge) => !found.some((other) => within(edge, other))).sort((a, b) => a.from - b.from);
  const steps = calls(CROSSING).map(({ range }) => range);
  const points = calls(POINT).map(({ range }) => range);
  const functions = functionsOf(text);
  const open = edges.filter((edge) => {
    if (steps.some((step) => within(edge, step))) return false;
    const home = functions.find((one) => within({ from: edge.from, to: edge.from + 1 }, { from: one.from - 1, to: one.to }));
    const marks = [...points, ...edges, ...steps]
      .filter((mark) => home && mark.from >= home.from && mark.to <= home.to && !within(mark, edge))
      .sort((a, b) => a.from - b.from);
    const at = marks.findIndex((mark) => mark.from === edge.from);
    const [before, after] = [marks[at - 1], marks[at + 1]];
    const isPoint = (mark: Range | undefined) => mark !== undefined && (points.includes(mark) || steps.includes(mark));
    return !(isPoint(before) && isPoint(after));
  });
  const lineOf = (at: number) => source.slice(0, at).split("\n").length;
  return {
    edges: edges.length,
    bare: open.map(({ from }) => ({ file, line: lineOf(from), text: source.split("\n")[lineOf(from) - 1]?.trim() ?? "" })),
  };
}

export function sources(): { file: string; source: string }[] {
  return [...VERBS, ...JOBS, ...globSync(JOURNAL).sort()].map((file) => ({ file, source: readFileSync(file, "utf8") }));
}

/** Every point by its name, as LATCHKEY_CRASH_AT takes it. */
export function pointNames(source: string): string[] {
  const steps = [...source.matchAll(CROSSING)].flatMap(([, name]) => [`${name}.before`, `${name}.after`]);
  return [...steps, ...[...source.matchAll(POINT)].map(([, name]) => name ?? "")];
}
