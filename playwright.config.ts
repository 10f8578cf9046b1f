import { defineConfig } from "@playwright/test";
import { findBrowser, launchOptions } from "@/tests/support/browser";

// The tests use the product's database functions, which only a server may import: `npm test` starts Playwright so that they can.
if (!process.env.NODE_OPTIONS?.includes("react-server")) throw new Error("Run browser tests with: npm test -- tests/e2e/<name>.spec.ts");

process.env.CHROMIUM_PATH ??= findBrowser()?.path;

const LONG = /(leaks|demo|staff|pages|keys)\.spec\.ts$/;

export default defineConfig({
  testDir: "tests/e2e",
  outputDir: "tests/e2e/.results",
  globalSetup: "tests/e2e/support/global-setup.ts",
  fullyParallel: true,
  forbidOnly: true,
  retries: 0,
  // More than there are processors, of which two do: a browser waits for the server and the disk a good part of its time.
  workers: 4,
  projects: [
    // The longest first, so that nobody waits for one of them alone at the end.
    { name: "e2e long", testMatch: LONG },
    { name: "e2e", testMatch: "*.spec.ts", testIgnore: LONG },
    { name: "screenshots", testMatch: "*.screens.ts" },
  ],
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: process.env.PLAYWRIGHT_JSON_OUTPUT_NAME ? [["list"], ["json"]] : [["list"]],
  use: {
    browserName: "chromium",
    launchOptions: launchOptions(process.env.CHROMIUM_PATH),
    locale: "en-GB",
    timezoneId: "Asia/Riyadh",
    colorScheme: "light",
    actionTimeout: 15_000,
    screenshot: "only-on-failure",
  },
});
