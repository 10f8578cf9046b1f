import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const root = fileURLToPath(new URL(".", import.meta.url));
const alias = { "@": root.replace(/\/$/, ""), "server-only": `${root}node_modules/server-only/empty.js` };

export default defineConfig({
  resolve: { alias },
  test: {
    silent: "passed-only",
    projects: [
      {
        resolve: { alias },
        test: {
          name: "unit",
          include: ["tests/unit/**/*.test.ts", "tests/providers/**/*.test.ts", "tests/judges/**/*.test.ts"],
          setupFiles: ["tests/support/setup.ts"],
        },
      },
      {
        resolve: { alias },
        test: {
          name: "database",
          include: ["tests/db/**/*.test.ts", "tests/connections/**/*.test.ts", "tests/http/**/*.test.ts", "tests/auth/**/*.test.ts"],
          globalSetup: ["tests/support/global-setup.ts"],
          // next-auth asks for "next/server", which Node itself does not resolve.
          server: { deps: { inline: ["next-auth"] } },
          setupFiles: ["tests/support/setup.ts"],
          testTimeout: 20_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
