import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Browser, expect, type Page, test } from "@playwright/test";
import type { HealthState } from "@/db/schema";
import { healthStates } from "@/lib/connections/health";
import { freePort } from "@/tests/support/free-port";
import { askDatabase, cloneFolder, listens, outsideAddresses, removeClone, runDemo } from "./support/demo-process";
import { decide, fillNorce, goToPlatform, type NorceUser, outcome, signInAs, submitNorce } from "./support/journey";

/** Twice what a start may take on a machine of its own: here another test runs beside it. */
const FIRST_PAGE_MS = 60_000;
const ROWS = 300;

test("the demo shows a first page, ends whole, goes on where it ended, and starts over when asked", async ({ browser }) => {
  test.setTimeout(240_000);
  const folder = await cloneFolder();
  const port = await freePort();
  const start = async (...more: string[]) => {
    const began = performance.now();
    const demo = runDemo(folder, ["--port", String(port), "--rows", "0", ...more]);
    await expect.poll(() => demo.said(), { timeout: FIRST_PAGE_MS, message: "the first page" }).toContain("Latchkey is open at");
    expect((await fetch(`http://localhost:${port}/sign-in`)).status).toBe(200);
    expect(performance.now() - began).toBeLessThan(FIRST_PAGE_MS);
    return demo;
  };
  const kept = <T>(name: string) => JSON.parse(readFileSync(join(folder, `.latchkey/demo/${name}.json`), "utf8")) as T;
  const ports = () => [port, ...Object.values(kept<Record<string, number>>("ports"))];
  const allGone = async () => {
    for (const one of ports()) expect(await listens(one), `port ${one}`).toBe(false);
    expect(existsSync(join(folder, ".latchkey/postgres/postmaster.pid")), "PostgreSQL").toBe(false);
  };
  try {
    const first = await start();
    for (const address of outsideAddresses())
      for (const one of ports()) expect(await listens(one, address), `${address}:${one}`).toBe(false);
    const twice = runDemo(folder, []);
    expect(await twice.ended).toBe(1);
    expect(twice.said()).toContain("The demo is running in this folder already.");
    await visit(browser, port, async (page) => {
      await goToPlatform(page, "square");
      await decide(page);
      await expect(outcome(page)).toHaveText("Riyadh shop is connected", { timeout: 20_000 });
      await page.goto("/connect/norce");
      const { users } = kept<{ users: NorceUser[] }>("norce");
      if (!users[0]) throw new Error("The demo's Norce has no users");
      expect(first.said()).toContain(users[0].clientSecret);
      await fillNorce(page, users[0]);
      await submitNorce(page);
      await expect(outcome(page)).toHaveText(/is connected$/, { timeout: 20_000 });
    });
    process.kill(-(first.child.pid ?? 0), "SIGINT");
    expect(await first.ended).toBe(0);
    await allGone();

    const second = await start();
    await visit(browser, port, async (page) => {
      await page.getByRole("link", { name: "Riyadh shop" }).click();
      await page.getByRole("button", { name: "Renew now" }).click();
      await expect(page.getByText("The access was renewed.")).toBeVisible();
      await page.goto("/connections");
      await page.getByRole("link", { name: "Acme web shop" }).click();
      await page.getByRole("button", { name: "Test now" }).click();
      await expect(page.getByText("It works: Norce answered just now.")).toBeVisible();
    });
    second.child.kill("SIGKILL");
    await second.ended;
    await expect.poll(() => listens(port), { timeout: 20_000, message: "the server of a demo that was killed" }).toBe(false);

    const third = await start("--reset");
    await visit(browser, port, async (page) => expect(page.getByText("No stores connected yet")).toBeVisible());
    third.child.kill("SIGTERM");
    expect(await third.ended).toBe(0);
    await allGone();
  } finally {
    await removeClone(folder);
  }
});

test("A17: every state is there to be seen, time passes, things break and are mended, and it starts over", async ({ page }) => {
  test.setTimeout(400_000);
  const folder = await cloneFolder();
  const port = await freePort();
  const demo = runDemo(folder, ["--port", String(port), "--rows", String(ROWS)]);
  const url = `http://localhost:${port}`;
  const states = async () => {
    const rows = await askDatabase<{ state: string; n: number }>(
      folder,
      "select state, count(*)::int as n from connections group by state",
    );
    return Object.fromEntries(rows.map(({ state, n }) => [state, n])) as Partial<Record<HealthState, number>>;
  };
  const square = (state: string) =>
    askDatabase<{ n: number }>(folder, `select count(*)::int as n from connections where offer = 'square' and state = '${state}'`).then(
      ([row]) => row?.n ?? 0,
    );
  const openIncidents = () => askDatabase(folder, "select from incidents where closed_at is null").then(({ length }) => length);
  try {
    await expect.poll(() => demo.said(), { timeout: FIRST_PAGE_MS, message: "the first page" }).toContain("Latchkey is open at");
    const desk = /The control desk at {2}(\S+)/.exec(demo.said())?.[1] ?? "";
    const press = async (name: string, says: RegExp) => {
      await page.goto(desk);
      await page.getByRole("button", { name, exact: true }).click();
      await expect(page.getByText(says).first()).toBeVisible({ timeout: 30_000 });
    };

    await test.step("one click signs in, and the banner leads back", async () => {
      await page.goto(desk);
      await page.getByRole("button", { name: /^Omar Nasser/ }).click();
      await page.goto(`${url}/health`);
      await expect(page).toHaveTitle(/^\[Demo\] /);
      await page.getByRole("complementary", { name: "Demo" }).getByRole("link", { name: "Control desk" }).click();
      await expect(page.getByRole("heading", { level: 1, name: "Control desk" })).toBeVisible();
      expect((await fetch(`${desk}/worker`, { method: "POST", headers: { origin: url } })).status).toBe(403);
    });

    await test.step("all ten states within two minutes", async () => {
      const seen = new Set<string>();
      const look = async () => {
        for (const [state, n] of Object.entries(await states())) if (n) seen.add(state);
        return [...seen].sort();
      };
      await expect.poll(look, { timeout: 120_000, intervals: [1_000] }).toEqual([...healthStates].sort());
    });

    await test.step("8 days without a worker are renewals that are late; with one they are caught up with", async () => {
      const before = await square("healthy");
      // It finishes what it has in hand, and the page says so until it has.
      await press("Stop the worker", /^It is stopped/);
      await press("+8 days", /Time has passed/);
      await page.goto(`${url}/health`);
      await expect(page.getByRole("heading", { level: 1, name: "Health" })).toBeVisible();
      await expect.poll(() => square("renewal_late"), { timeout: 30_000 }).toBeGreaterThan(before / 2);
      await press("Start the worker", /^It is at work/);
      await expect.poll(() => square("renewal_late"), { timeout: 90_000 }).toBe(0);
      // The last of them may be on their way yet.
      await expect.poll(() => square("healthy"), { timeout: 30_000 }).toBeGreaterThanOrEqual(before);
    });

    await test.step("an owner takes the access away at Square, and exactly that store needs them", async () => {
      const before = await square("needs_reconnect");
      await page.goto(desk);
      await page.getByLabel("Platform", { exact: true }).selectOption("Square");
      await page.getByRole("button", { name: "Take access away" }).click();
      await page.getByRole("button", { name: "See it as support" }).click();
      await expect(page).toHaveURL(/\/support\/con_/);
      await expect(async () => {
        await page.reload();
        await expect(page.getByText("Needs reconnect").first()).toBeVisible();
      }).toPass({ timeout: 30_000 });
      await expect.poll(() => square("needs_reconnect"), { timeout: 30_000 }).toBe(before + 1);
    });

    await test.step("a wrong client secret is an incident of ours and nobody's fault", async () => {
      const needed = await square("needs_reconnect");
      await press("Break: Square – Wrong client secret", /is broken now/);
      await press("+8 days", /Time has passed/);
      await expect.poll(openIncidents, { timeout: 60_000 }).toBe(1);
      expect(await square("needs_reconnect")).toBe(needed);
      await press("Mend: Square – Wrong client secret", /mended/);
      await press("+1 hour", /Time has passed/);
      await expect.poll(openIncidents, { timeout: 60_000 }).toBe(0);
      expect(await square("needs_reconnect")).toBe(needed);
    });

    await test.step("46 days later the person is signed in as before", async () => {
      await press("+46 days", /Time has passed/);
      await page.goto(`${url}/support`);
      await expect(page).toHaveURL(/\/support$/);
    });

    await test.step("Arabic, and over again from the first day", async () => {
      await page.goto(desk);
      await page.getByRole("link", { name: "العربية" }).click();
      await expect(page.locator("html")).toHaveAttribute("dir", "rtl");
      await page.locator("details", { hasText: "حذف وبدء من جديد" }).locator("summary").click();
      await page.getByRole("button", { name: "حذف وبدء من جديد" }).click();
      await expect(page.getByRole("heading", { name: "أشياء للتجربة" })).toBeVisible({ timeout: 90_000 });
      await page.goto(`${url}/support`);
      await expect(page).toHaveURL(/\/sign-in/);
      const [day] = await askDatabase<{ ahead: boolean; n: number }>(
        folder,
        "select ahead > '0' as ahead, (select count(*)::int from connections) as n from clock",
      );
      expect(day).toEqual({ ahead: false, n: ROWS });
    });
    demo.child.kill("SIGTERM");
    expect(await demo.ended).toBe(0);
  } finally {
    demo.child.kill("SIGKILL");
    await demo.ended;
    await removeClone(folder);
  }
});

test("the demo touches no data that it did not make", async () => {
  const folder = await cloneFolder();
  try {
    mkdirSync(join(folder, ".latchkey/postgres"), { recursive: true });
    for (const values of [[], ["--reset"]]) {
      const demo = runDemo(folder, values);
      expect(await demo.ended).toBe(1);
      expect(demo.said()).toContain("holds data that the demo did not make");
    }
    expect(existsSync(join(folder, ".latchkey/postgres"))).toBe(true);
  } finally {
    await removeClone(folder);
  }
});

async function visit(browser: Browser, port: number, look: (page: Page) => Promise<unknown>): Promise<void> {
  const context = await browser.newContext({ baseURL: `http://localhost:${port}` });
  const page = await context.newPage();
  await signInAs(page, "Mona Haddad");
  await look(page);
  await context.close();
}
