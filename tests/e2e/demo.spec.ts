import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Browser, expect, type Page, test } from "@playwright/test";
import { freePort } from "@/tests/support/free-port";
import { cloneFolder, listens, outsideAddresses, removeClone, runDemo } from "./support/demo-process";
import { decide, fillNorce, goToPlatform, type NorceUser, outcome, signInAs, submitNorce } from "./support/journey";

/** Twice what a start may take on a machine of its own: here another test runs beside it. */
const FIRST_PAGE_MS = 60_000;

test("the demo shows a first page, ends whole, goes on where it ended, and starts over when asked", async ({ browser }) => {
  test.setTimeout(240_000);
  const folder = await cloneFolder();
  const port = await freePort();
  const start = async (...more: string[]) => {
    const began = performance.now();
    const demo = runDemo(folder, ["--port", String(port), ...more]);
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
