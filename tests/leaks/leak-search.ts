import { closeSync, openSync, readdirSync, readFileSync, readSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { ENCODINGS, type Secret } from "./forms";
import { type Hit, Searcher } from "./searcher";
import { unpack } from "./unpack";

export type Finding = Hit & { place: string; where: string };

/** Where a secret stands by right. Whatever kind, place and piece of it the rule does not name stays a leak. */
export type Rule = { kind: RegExp; where: RegExp; why: string };

type Options = {
  secrets: Iterable<Secret>;
  rules?: readonly Rule[];
  /** What must be found in each place that names it: a place in which it is not was not really searched. */
  controls?: readonly Secret[];
};

const CHUNK = 4_194_304;
const CONTROL = "control: ";

/** Searches one place after the other and tells at the end what was found where. */
export class LeakSearch {
  readonly leaks: Finding[] = [];
  /** How often each rule let something pass. */
  readonly allowed = new Map<Rule, number>();
  private readonly searcher: Searcher;
  private readonly rules: readonly Rule[];
  private readonly controls: readonly string[];
  private readonly searched = new Map<string, number>();
  private readonly seen = new Map<string, Set<string>>();
  private spentMs = 0;

  constructor({ secrets, rules = [], controls = [] }: Options) {
    this.searcher = new Searcher([...secrets, ...controls.map(({ kind, value }) => ({ kind: `${CONTROL}${kind}`, value }))]);
    this.rules = rules;
    this.controls = controls.map(({ kind }) => kind);
  }

  /** Text or bytes that are at hand, packed or not. */
  content(place: string, where: string, content: string | Buffer): void {
    this.timed(() => this.whole(place, where, Buffer.from(content)));
  }

  /** Every file below a folder. `packed: false`: nothing in them is decoded, which large binary files are too long for. */
  folder(place: string, root: string, { packed = true, except = /^$/ }: { packed?: boolean; except?: RegExp } = {}): void {
    this.timed(() => {
      for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
        const path = join(entry.parentPath, entry.name);
        const where = relative(root, path);
        // Links are followed where they lead to files; folders elsewhere are places of their own.
        if (except.test(where) || !statSync(path, { throwIfNoEntry: false })?.isFile()) continue;
        if (packed) this.whole(place, where, readFileSync(path));
        else this.streamed(place, where, path);
      }
    });
  }

  /** The controls that a place should show and does not. */
  missing(place: string, kinds: readonly string[] = this.controls): string[] {
    return kinds.filter((kind) => !this.seen.get(place)?.has(kind));
  }

  bytesIn(place: string): number {
    return this.searched.get(place) ?? 0;
  }

  /** One line: secrets × encodings × megabytes, by place, and hits. */
  summary(): string {
    const megabytes = (bytes: number) => `${bytes < 10_000_000 ? (bytes / 1e6).toFixed(1) : Math.round(bytes / 1e6)} MB`;
    const places = [...this.searched].map(([place, bytes]) => `${place} ${megabytes(bytes)}`).join(", ");
    const all = [...this.searched.values()].reduce((sum, bytes) => sum + bytes, 0);
    const secrets = this.searcher.secrets - this.controls.length;
    const byRule = [...this.allowed.values()].reduce((sum, count) => sum + count, 0);
    const rules = byRule > 0 ? `, ${byRule} allowed by ${this.allowed.size} rules` : "";
    const seconds = (this.spentMs / 1000).toFixed(1);
    return `leak search: ${secrets} secrets × ${ENCODINGS.length} encodings × ${megabytes(all)} (${places}) in ${seconds} s: ${this.leaks.length} hits${rules}`;
  }

  /** A line for each leak: where it is and what kind it is of, never the value. */
  told(): string[] {
    return this.leaks.map(({ place, where, offset, kind, encoding }) => `${place}: ${where} at ${offset}: ${kind} (${encoding})`);
  }

  private timed(work: () => void): void {
    const began = performance.now();
    work();
    this.spentMs += performance.now() - began;
  }

  private whole(place: string, where: string, bytes: Buffer): void {
    this.note(place, where, bytes.length, this.searcher.scan(bytes));
    for (const { how, bytes: inner } of unpack(bytes, where))
      this.note(place, `${where} (${how})`, inner.length, this.searcher.scan(inner));
  }

  private streamed(place: string, where: string, path: string): void {
    const file = openSync(path, "r");
    const stream = this.searcher.stream();
    const buffer = Buffer.allocUnsafe(CHUNK);
    try {
      for (let read = readSync(file, buffer); read > 0; read = readSync(file, buffer))
        this.note(place, where, read, stream.push(buffer.subarray(0, read)));
    } finally {
      closeSync(file);
    }
  }

  private note(place: string, where: string, length: number, hits: readonly Hit[]): void {
    this.searched.set(place, this.bytesIn(place) + length);
    for (const hit of hits) {
      if (hit.kind.startsWith(CONTROL)) {
        const seen = this.seen.get(place) ?? new Set();
        this.seen.set(place, seen.add(hit.kind.slice(CONTROL.length)));
        continue;
      }
      const rule = this.rules.find(({ kind, where: allowed }) => kind.test(hit.kind) && allowed.test(`${place}: ${where}`));
      if (rule) this.allowed.set(rule, (this.allowed.get(rule) ?? 0) + 1);
      else this.leaks.push({ ...hit, place, where });
    }
  }
}
