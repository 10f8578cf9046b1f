import { spawnSync } from "node:child_process";
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");
/** Made from the API's description, for others to take along. */
const GENERATED = "lib/api/client/latchkey.ts";
const sources = (...patterns: string[]) =>
  globSync(patterns, { cwd: root }).filter((path) => !path.includes("node_modules") && path !== GENERATED);

const PRODUCT = [
  "app/**/*.{ts,tsx}",
  "components/**/*.{ts,tsx}",
  "lib/**/*.ts",
  "db/**/*.ts",
  "server.ts",
  "proxy.ts",
  "instrumentation.ts",
];
const EVERYTHING = [...PRODUCT, "tests/**/*.{ts,tsx,mjs}", "db/migrations/*.sql", "*.{ts,mjs}", "app/**/*.css"];
// Its own text holds what it looks for.
const SELF = "tests/unit/house.test.ts";

/** `path:line` of each line that breaks the rule; `except` files may. */
function breaches({ rule, in: patterns, except = /^$/, unless }: Rule): string[] {
  return sources(...patterns)
    .filter((path) => path !== SELF && !except.test(path))
    .map((path) => ({ path, text: readFileSync(join(root, path), "utf8") }))
    .filter(({ text }) => !unless?.test(text))
    .flatMap(({ path, text: whole }) => whole.split("\n").flatMap((text, index) => (rule.test(text) ? [`${path}:${index + 1}`] : [])));
}

type Rule = {
  name: string;
  rule: RegExp;
  in: string[];
  except?: RegExp /** Files with this text have the word by another right. */;
  unless?: RegExp;
  bad: string[];
  good: string[];
};

const rules: Rule[] = [
  {
    name: "SQL asks app_now(), the only clock",
    rule: /(?<![\w.])(now\(\)|current_timestamp|current_date|localtimestamp|(clock|statement|transaction)_timestamp\(|defaultNow\()/i,
    in: ["db/**/*.{ts,sql}"],
    except: /^db\/migrations\/0000_/,
    bad: ["where expires_at > now()", "default CURRENT_TIMESTAMP", "clock_timestamp()", "statement_timestamp()", "defaultNow()"],
    good: ["app_now()", "performance.now()", "Date.now()"],
  },
  {
    name: "S-51 lib/http.ts is the only way out",
    rule: /(?<![\w.])fetch\(|globalThis\.fetch|(?<!^import type .*)from "(undici|node:https?)"/,
    in: ["lib/**/*.ts", "db/**/*.ts", "app/**/*.{ts,tsx}"],
    // The identity provider may live on the company's own network, and its answers are kept out of caches there; the text of a client is for others.
    except: /^lib\/(http|auth\/next-auth|api\/client-text)\.ts$/,
    unless: /\bfetch: Io\["fetch"\]|\bfetch = repeatable\(io\.fetch\)/,
    bad: ["await fetch(url)", "globalThis.fetch(url)", 'import { request } from "node:https";'],
    good: ["io.fetch(url)", "prefetch(url)", "undiciFetch(url)", 'import type { ServerResponse } from "node:http";'],
  },
  {
    name: "the environment is read in one place",
    rule: /process\.env(?!\.\w+ = )/,
    in: PRODUCT,
    except: /^(lib\/env|db\/locate|db\/embedded\/server|proxy|instrumentation)\.ts$/,
    bad: ["process.env.PORT"],
    good: ["env().PORT", "process.env.AUTH_URL = base"],
  },
  {
    name: "lines are logged by lib/log.ts",
    rule: /(?<!")console\.|\bdebugger\b/,
    in: PRODUCT,
    bad: ["console.error(error)"],
    good: ["log.error()"],
  },
  {
    name: "an import says where it goes",
    rule: /(from|import|import\() ?["']\.\.\//,
    in: ["app/**/*.{ts,tsx}", "components/**/*.{ts,tsx}", "lib/**/*.ts", "db/**/*.ts", "tests/**/*.ts", "*.ts"],
    bad: ['from "../lib/env"', 'import("../x")', 'import "../x";'],
    good: ['from "@/lib/env"', 'from "./env"'],
  },
  {
    name: "nothing of the product imports its proof",
    rule: /["'](@|\.)\/tests\//,
    in: PRODUCT,
    bad: ['from "@/tests/demo"'],
    good: ['from "@/lib/env"'],
  },
  {
    name: "styles know start and end, not left and right",
    rule: /(?<![\w-])-?(m[lr]|p[lr]|left|right|border-[lr]|rounded-(l|r|tl|tr|bl|br)|scroll-[mp][lr]|space-x)-[\w[]|text-(left|right)\b|float-(left|right)\b|(margin|padding|border)-(left|right)|(?<![\w-])(left|right): /,
    in: ["app/**/*.{tsx,css}", "components/**/*.tsx"],
    bad: ['"ml-2"', '"md:pr-4"', '"-left-1"', '"text-left"', '"rounded-tl-lg"', "margin-left: 1px", '"border-l-2"', '"space-x-2"'],
    good: ['"ms-2 pe-4"', '"start-0"', '"text-start"', '"inline-start"', '"border-s-2"', '"html-2"'],
  },
  {
    name: "platforms are named in their own files only",
    rule: /noon(?!e)|norce|ultracart|(?<!rounded )square/i,
    in: [...PRODUCT, "lib/messages/*.json", "app/**/*.css"],
    except: /^lib\/(providers\/|env\.ts$|offers\/)/,
    bad: ["if (provider === 'noon')", "Norce's tokens", "ultracart", "SquareCell"],
    good: ["afternone", "provider"],
  },
  {
    name: "S-53 nothing of the environment is for browsers",
    rule: /NEXT_PUBLIC_|^\s*env: \{|publicRuntimeConfig|sourceMaps: true|SourceMaps: true/,
    in: [...PRODUCT, "*.mjs"],
    bad: ["process.env.NEXT_PUBLIC_KEY", "  env: { KEY: key },", "productionBrowserSourceMaps: true,"],
    good: ["productionBrowserSourceMaps: false,", "env().PORT"],
  },
  {
    name: "S-55 no secret stands in the sources",
    rule: /-----BEGIN [A-Z ]*PRIVATE KEY|["'`](?=[^"'`]*\d)(?=[^"'`]*[a-z])(?=[^"'`]*[A-Z])[A-Za-z0-9+/_-]{24,}={0,2}["'`]|\b(ghp_|sk_live_|EAAA|sq0[a-z]{3}-)\w/,
    in: [...PRODUCT, "*.mjs", "db/migrations/*.sql", "lib/messages/*.json"],
    bad: [
      "-----BEGIN RSA PRIVATE KEY-----",
      'const key = "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQ";',
      "token: 'EAAAEOuLQObrVwJvCvoio3H13b8Ssqz1ighmTBKZvIENW9qxirHGHkqsGcPBC1uN'",
    ],
    good: ['"/identity/oauth/v1/token/exchange"', '"0123456789abcdefghjkmnpqrstvwxyz"', '"channel_partner_read"'],
  },
  {
    name: "nothing is left for later",
    rule: /\b(TODO|FIXME|XXX|HACK)\b/,
    in: EVERYTHING,
    bad: ["// TODO later", "/* FIXME */"],
    good: ["mastodon"],
  },
  {
    name: "no type is given up",
    rule: /(: |<|as )any(?=[;,)\]>|[]| =|$)|@ts-(ignore|expect-error|nocheck)|biome-ignore(?!.*: \S)/,
    in: EVERYTHING,
    bad: ["value: any;", "as any)", "// @ts-ignore"],
    good: ["many", "of any kind"],
  },
];

describe("the house's rules", () => {
  it.each(rules)("$name", (rule) => expect(breaches(rule)).toEqual([]));

  it.each(rules)("$name: the rule bites", ({ rule, bad, good, in: patterns }) => {
    for (const text of bad) expect(text).toMatch(rule);
    for (const text of good) expect(text).not.toMatch(rule);
    expect(sources(...patterns).length).toBeGreaterThan(3);
  });

  it("no file is longer than 220 lines", () => {
    const written = sources(...PRODUCT).filter((path) => !path.startsWith("components/ui/") && !path.startsWith("db/migrations/"));
    const long = written.map((path) => [path, readFileSync(join(root, path), "utf8").trimEnd().split("\n").length] as const);
    expect(long.filter(([path, lines]) => lines > 220 && path !== "db/schema.ts")).toEqual([]);
  });

  it("no room has a cupboard for anything", () =>
    expect(
      sources(
        "{app,components,lib,db}/**/{utils,types,helpers,constants,index}.{ts,tsx}",
        "{app,components,lib,db}/**/{hooks,services,utils}/*",
      ),
    ).toEqual([]));
});

const wrong = [
  ["app/probe.ts", "@/db/client"],
  ["app/probe.ts", "drizzle-orm"],
  ["app/probe.ts", "@/lib/providers/registry"],
  ["app/probe.ts", "@/lib/vault"],
  ["app/(staff)/probe.tsx", "@/db/schema"],
  ["app/probe.ts", "@/tests/demo"],
  ["components/probe.tsx", "@/lib/vault"],
  ["components/probe.tsx", "@/db/schema"],
  ["components/probe.tsx", "@/lib/auth/session"],
  ["components/probe.tsx", "@/app/page"],
  ["lib/probe.ts", "next/headers"],
  ["lib/connections/probe.ts", "next"],
  ["lib/probe.ts", "@/components/ui/button"],
  ["lib/probe.ts", "drizzle-orm"],
  ["lib/auth/probe.ts", "@/lib/connections/list"],
  ["lib/providers/probe.ts", "@/lib/log"],
  ["lib/providers/wire/probe.ts", "@/lib/env"],
  ["lib/providers/probe.ts", "@/db/client"],
  ["lib/providers/probe.ts", "next/server"],
  ["db/probe.ts", "@/lib/env"],
  ["db/probe.ts", "@/app/page"],
  ["app/probe.ts", "../lib/env"],
  ["lib/probe.ts", "../db/client"],
  ["lib/jobs/probe.ts", "../../db/client"],
  ["server.ts", "@/db/client"],
  ["tests/probe.ts", "../lib/env"],
] as const;
const right = [
  ["app/probe.ts", "@/lib/connections/list"],
  ["app/probe.ts", "@/components/ui/button"],
  ["components/probe.tsx", "@/lib/format"],
  ["lib/probe.ts", "@/db/client"],
  ["lib/auth/probe.ts", "next/headers"],
  ["lib/providers/probe.ts", "@/lib/providers/contract"],
  ["lib/providers/probe.ts", "./contract"],
  ["db/probe.ts", "drizzle-orm"],
  ["tests/probe.ts", "@/db/client"],
] as const;

/** Which of the imports Biome refuses under the project's own rules, each as a file of its own in an otherwise empty project. */
function refused(imports: readonly (readonly [path: string, what: string])[]): Set<string> {
  const folder = mkdtempSync(join(tmpdir(), "latchkey-house-"));
  try {
    for (const name of ["biome.json", ".gitignore"]) writeFileSync(join(folder, name), readFileSync(join(root, name)));
    const paths = imports.map(([path, what], index) => {
      const probe = path.replace("probe", `probe-${index}`);
      mkdirSync(dirname(join(folder, probe)), { recursive: true });
      writeFileSync(join(folder, probe), `import { thing } from "${what}";\n\nexport const used = thing;\n`);
      return probe;
    });
    const ran = spawnSync(join(root, "node_modules/.bin/biome"), ["lint", "--reporter=github", "--max-diagnostics=none"], {
      cwd: folder,
      encoding: "utf8",
    });
    const told = ran.stdout.split("\n").filter((line) => line.includes("noRestrictedImports"));
    return new Set(
      imports.flatMap(([path, what], at) => (told.some((line) => line.includes(paths[at] ?? "?")) ? [`${path} → ${what}`] : [])),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe("Biome refuses an import that goes the wrong way", () => {
  const told = refused([...wrong, ...right]);
  it.each(wrong)("%s → %s", (path, what) => expect(told).toContain(`${path} → ${what}`));
  it.each(right)("and lets %s → %s pass", (path, what) => expect(told).not.toContain(`${path} → ${what}`));
});
