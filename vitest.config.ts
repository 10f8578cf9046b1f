import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const root = fileURLToPath(new URL(".", import.meta.url));
const alias = { "@": root.replace(/\/$/, ""), "server-only": `${root}node_modules/server-only/empty.js` };

/** No test is about how long it takes: this ends one that hangs, and a machine that is busy may take its time. */
const TIMEOUT_MS = 120_000;

// About the embedded server itself, whoever connects.
const embeddedCluster = ["tests/db/embedded*.test.ts"];

const everyRoute = ["tests/api/**/*.test.ts", "tests/db/**/*.test.ts", "tests/connections/**/*.test.ts", "tests/alerts/**/*.test.ts"];
/** Handlers and sign-in: what they import of Next is another thing in each file. */
const mocked = ["tests/http/**/*.test.ts", "tests/auth/**/*.test.ts"];
/** The same of one file among others that share a process. */
const mockedHostile = ["tests/hostile/fuzz.test.ts"];

type Suite = { name?: string; include?: string[]; exclude?: string[]; isolate?: boolean };

/** Tests on one of the ways to a PostgreSQL: the same on each of them, where nothing else is said. */
const databaseSuite = (
  route: "embedded" | "external" | "neon",
  { name = `database ${route}`, include = everyRoute, exclude = [], isolate = false }: Suite = {},
) => ({
  resolve: { alias },
  test: {
    name,
    include,
    isolate,
    exclude: [...embeddedCluster, ...exclude],
    provide: { databaseRoute: route },
    globalSetup: ["tests/support/global-setup.ts"],
    // next-auth asks for "next/server", which Node itself does not resolve.
    server: { deps: { inline: ["next-auth"] } },
    setupFiles: ["tests/support/setup.ts", ...(route === "neon" ? ["tests/support/neon-setup.ts"] : [])],
    testTimeout: TIMEOUT_MS,
    hookTimeout: TIMEOUT_MS,
  },
});

export default defineConfig({
  resolve: { alias },
  test: {
    silent: "passed-only",
    // Many tests wait for the database: with two processors Vitest would let one file run at a time, and three keep them busy.
    maxWorkers: Math.max(3, availableParallelism() - 1),
    projects: [
      {
        resolve: { alias },
        test: {
          name: "unit",
          include: ["tests/unit/**/*.test.ts", "tests/providers/**/*.test.ts", "tests/judges/**/*.test.ts"],
          setupFiles: ["tests/support/setup.ts"],
          testTimeout: TIMEOUT_MS,
        },
      },
      {
        resolve: { alias },
        test: {
          name: "embedded cluster",
          include: embeddedCluster,
          setupFiles: ["tests/support/setup.ts"],
          testTimeout: TIMEOUT_MS,
          hookTimeout: TIMEOUT_MS,
        },
      },
      ...(["embedded", "external", "neon"] as const).flatMap((route) => [
        databaseSuite(route),
        databaseSuite(route, { name: `database ${route}, handlers`, include: mocked, isolate: true }),
      ]),
      // What platforms and browsers may send: thousands of cases about everything but the way to the database.
      databaseSuite("embedded", { name: "hostile input", include: ["tests/hostile/**/*.test.ts"], exclude: mockedHostile }),
      databaseSuite("embedded", { name: "hostile input, mocked", include: mockedHostile, isolate: true }),
      // What goes wrong on the way, by its id; a server over TCP, so that something can stand between.
      databaseSuite("external", { name: "fault cases", include: ["tests/faults/**/*.test.ts"], isolate: true }),
    ],
  },
});
