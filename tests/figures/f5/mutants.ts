import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { copyBuild } from "@/tests/figures/build-copy";
import { copySources, type Edit } from "@/tests/figures/copy";

/** A guard that is taken out: of the build, as its files have it, to be seen on one surface, or of the sources. */
type Mutant = { does: string } & ({ surface: string; build: { under: string; from: RegExp; to: string } } | { edits: readonly Edit[] });

/** Where the listener begins with a request. */
const BEGINS = /server\.on\("request", \(request, response\) => \{/g;

export const mutants: Record<string, Mutant> = {
  "anything-is-a-form": {
    does: "an action begins its work whatever it was sent in place of a form",
    surface: "server actions",
    build: { under: ".next/server", from: /\b(\w+) instanceof FormData&&[^?]{1,200}\?\1:\(0,\w+\.notFound\)\(\)/g, to: "$1" },
  },
  "faults-of-callers-are-ours": {
    does: "what a backend asked wrongly is answered as if we had broken",
    surface: "the backends' API",
    build: { under: "dist", from: /if \(error instanceof ZodError\d*\) return problem\(400,/g, to: "if (false) return problem(400," },
  },
  "a-secret-in-an-answer": {
    does: "a refusal of the backends' API tells one of our own secrets",
    surface: "the backends' API",
    build: {
      under: "dist",
      from: /type: "about:blank", title: problemTitles/g,
      to: 'type: "about:blank", was: process.env.SQUARE_CLIENT_SECRET, title: problemTitles',
    },
  },
  "nobody-catches-a-cut": {
    does: "what is thrown where somebody stops in the middle of what he sends is caught by nobody",
    surface: "platforms' forms",
    build: { under: "dist", from: BEGINS, to: '$& request.on("error", (error) => { throw error; });' },
  },
  "all-that-was-asked-is-kept": {
    does: "every request is remembered for ever",
    surface: "webhooks",
    build: { under: "dist", from: BEGINS, to: "$& (globalThis.kept ??= []).push(request);" },
  },
  "any-word-is-a-code": {
    does: "what a callback calls its error is kept as the cause, whatever it is",
    edits: [["lib/connections/receive-answer.ts", 'isWord(error) ? error : "other"', '!error.includes("\\0") ? error : "other"']],
  },
  "text-as-it-comes": {
    does: "what platforms say is kept with whatever stands in it",
    edits: [["lib/providers/wire/clean-text.ts", '.replace(/[\\p{Cc}\\p{Cf}\\p{Co}\\p{Cn}\\uFFFD]+/gu, " ")', '.replace(/\\0/g, "")']],
  },
};

/** What a mutant is measured on: a build that is put wrong, or sources that are. */
export type Wrong = { build?: { folder: string; surface: string }; sources?: string; end: () => void };

export function made(mutant: string): Wrong {
  const wanted = mutants[mutant];
  if (!wanted) throw new Error(`There is no mutant ${mutant}.`);
  if ("edits" in wanted) {
    const copy = copySources();
    copy.change(wanted.edits);
    return { sources: copy.root, end: copy.erase };
  }
  const { folder, end } = copyBuild();
  const { under, from, to } = wanted.build;
  const files = readdirSync(join(folder, under), { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".js"));
  const changed = files.filter((file) => {
    const path = join(folder, under, file);
    const text = readFileSync(path, "utf8");
    const wrong = text.replace(from, to);
    if (wrong !== text) writeFileSync(path, wrong);
    return wrong !== text;
  });
  if (changed.length === 0) {
    end();
    throw new Error(`The build has nowhere what ${mutant} changes.`);
  }
  return { build: { folder, surface: wanted.surface }, end };
}
