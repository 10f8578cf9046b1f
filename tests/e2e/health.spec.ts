import { fillHealth } from "./support/health-scene";
import { expect, test } from "./support/test";

test("A1, A2, A3, A4, A5, A7, A8, A16: an admin sees what is on fire, whom it waits for, and goes to exactly those", async ({
  someone,
}) => {
  test.setTimeout(120_000);
  await fillHealth();
  const { page } = await someone("admin");
  const truth = page.getByText(/^Renewals are late\. 4 stores need their owners; 2 renewals late; worker ran .* ago\.$/);

  await test.step("A1: in one sentence, without scrolling", async () => {
    for (const viewport of [
      { width: 360, height: 640 },
      { width: 1280, height: 720 },
    ]) {
      await page.setViewportSize(viewport);
      await page.goto("/health");
      const box = await truth.boundingBox();
      expect(box && box.y + box.height, `at ${viewport.width}`).toBeLessThan(viewport.height);
      expect(await page.evaluate(() => document.documentElement.scrollWidth), `at ${viewport.width}`).toBeLessThanOrEqual(viewport.width);
    }
  });

  await test.step("A4, A5, A7: late renewals by platform, causes with some of their stores, rate limits", async () => {
    await expect(page.getByRole("link", { name: "2 Late renewals, by each platform's rule Square 2" })).toBeVisible();
    const causes = page.getByRole("region", { name: "Why connections fail" });
    await expect(causes.getByRole("link", { name: "4 connections with refresh_refused" })).toBeVisible();
    await expect(causes.getByRole("link", { name: /^refused \d$/ })).toHaveCount(3);
    await expect(page.getByRole("region", { name: "Rate budgets" })).toContainText(
      "3 calls in 60 seconds, and 20 at once after a pause, from our address.",
    );
  });

  await test.step("A2: by keyboard from a bar to its rows", async () => {
    const bar = page.getByRole("link", { name: /: 3 without a renewal$/ });
    await bar.focus();
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/support\?renews=no&runs_out=\d{4}-\d\d-\d\dT\d\d%3A00Z\.\.\d{4}-\d\d-\d\dT\d\d%3A00Z&sort=runs_out/);
    await expect(page.getByRole("heading", { name: "3 connections" })).toBeVisible();
    for (const n of [1, 2, 3]) await expect(page.getByRole("link", { name: `ends ${n}`, exact: true })).toBeVisible();
    await page.goBack();
  });

  await test.step("A3: an hour of one platform, by keyboard, and all of them as a table", async () => {
    await page.getByRole("navigation", { name: "Platform" }).getByRole("link", { name: "UltraCart" }).click();
    await page.waitForURL(/platform=ultracart/);
    const due = page.getByRole("region", { name: "Renewals due, hour by hour for 7 days" });
    await expect(due.getByText(/^5 renewals are due in these days\. The fullest hour is on .*: 5\.$/)).toBeVisible();
    await due.getByText("Show as table").click();
    await expect(due.getByRole("row")).toHaveCount(2);
    const cell = due.getByRole("link", { name: /: 5 renewals due$/ });
    await expect(cell).toHaveCount(1);
    await cell.focus();
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/support\?offer=ultracart&due=/);
    await expect(page.getByRole("heading", { name: "5 connections" })).toBeVisible();
  });

  await test.step("A4: one click to who is late", async () => {
    await page.goto("/health");
    await page.getByRole("link", { name: /Late renewals/ }).click();
    await page.waitForURL(/\/support\?state=/);
    for (const n of [1, 2]) await expect(page.getByRole("link", { name: `late ${n}`, exact: true })).toBeVisible();
  });

  await test.step("A8: numbers renew themselves every 30 seconds, until that is paused", async () => {
    await page.clock.install();
    await page.goto("/health?wall=1");
    const asked: string[] = [];
    page.on("request", (request) => {
      if (request.url().includes("/health?wall=1") && request.headers().rsc) asked.push(request.url());
    });
    // It is there as soon as the page is at work.
    await expect(page.getByRole("button", { name: "Pause updates" })).toBeVisible();
    // The page shows seconds; a quick answer comes within the same one.
    const stamp = page.getByText(/^As of /).locator("time");
    const before = await stamp.getAttribute("datetime");
    await page.clock.runFor(36_000);
    await expect(stamp).not.toHaveAttribute("datetime", before ?? "");
    expect(asked).toHaveLength(1);
    await page.getByRole("button", { name: "Pause updates" }).click();
    await page.clock.runFor(180_000);
    expect(asked).toHaveLength(1);
    await expect(page.getByRole("status").filter({ hasText: "Last numbers: 3 minutes ago" })).toBeVisible();
    await page.getByRole("link", { name: "Refresh", exact: true }).click();
    await expect(page.getByText(/^Last numbers/)).toHaveCount(0);
    expect(asked).toHaveLength(2);
  });

  await test.step("A16: on a wall there is nothing else, and the tab says how many wait", async () => {
    await expect(page).toHaveTitle(/\(6\) Health — Latchkey$/);
    await expect(page.getByRole("navigation", { name: "Main" })).toBeHidden();
    await expect(truth).toBeVisible();
    const [ink, paper] = await page.evaluate(() => [
      getComputedStyle(document.body).color,
      getComputedStyle(document.documentElement).backgroundColor,
    ]);
    expect([ink, paper]).toEqual(["rgb(255, 255, 255)", "rgb(0, 0, 0)"]);
    await page.emulateMedia({ reducedMotion: "reduce" });
    // What was on its way before comes to its end.
    await expect.poll(() => page.evaluate(() => document.getAnimations().length)).toBe(0);
    await page.getByRole("link", { name: "Leave the wall display" }).click();
    await expect(page).toHaveTitle(/(^|\] )Health — Latchkey$/);
  });
});

test("health without JavaScript: numbers, bars and a way to new ones", async ({ someone }) => {
  await fillHealth();
  const { page } = await someone("admin", { context: { javaScriptEnabled: false } });
  await page.goto("/health");
  await expect(page.getByRole("button", { name: "Pause updates" })).toHaveCount(0);
  await page.getByRole("link", { name: "Refresh", exact: true }).click();
  await expect(page.getByText(/^Renewals are late\./)).toBeVisible();
  await page.getByRole("link", { name: /: 3 without a renewal$/ }).click();
  await page.waitForURL(/\/support\?renews=no/);
});
