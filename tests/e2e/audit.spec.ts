import { sql } from "drizzle-orm";
import { database } from "@/db/client";
import { expect, test } from "./support/test";

test("A14: who did what, with what was refused: filters in the address, an event at an address of its own, a file", async ({ someone }) => {
  const { page: sara, email } = await someone("support");
  const { page } = await someone("admin");
  expect((await sara.goto("/people"))?.status()).toBe(403);
  await page.goto("/people");
  await page.getByLabel("E-mail address").fill("badr@company.example");
  await page.locator("#invite-role").selectOption("Support");
  await page.getByRole("button", { name: "Invite", exact: true }).click();
  await expect(page.getByRole("status").filter({ hasText: "Invited." })).toBeVisible();

  await page.goto("/audit");
  const rows = page.getByRole("row");
  await expect(rows.filter({ hasText: "Invited as Support." })).toContainText("badr@company.example");
  await expect(rows.filter({ hasText: "Invited as Support." })).toContainText(/127\.0\.0\.1|::1/);
  await page.getByLabel("Result").selectOption("Denied");
  await page.getByLabel("Person").fill(email);
  await page.getByRole("button", { name: "Show", exact: true }).click();
  await expect(page).toHaveURL(/actor=support-1%40people\.example.*result=denied/);
  await expect(rows).toHaveCount(2);
  await expect(rows.nth(1)).toContainText("Was refused: Manage people.");
  await rows.nth(1).getByRole("link", { name: "Was refused: Manage people." }).click();
  await expect(page).toHaveURL(/event=\d+/);
  await expect(page.getByRole("heading", { name: /^Event \d+$/ })).toBeFocused();
  await page.reload();
  await expect(page.getByRole("region", { name: /^Event \d+$/ })).toContainText("403");

  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "Export as CSV" }).click();
  expect((await download).suggestedFilename()).toMatch(/^latchkey-audit-[\d-]+\.csv$/);
  await page.goto("/audit");
  await expect(rows.filter({ hasText: "Exported the audit as a file." })).toHaveCount(1);
});

test("S13: what admins alone may see is refused with 403, says which role it needs and who has it, and is in no menu", async ({
  someone,
}) => {
  const { email } = await someone("admin");
  const { page } = await someone("support");
  for (const path of ["/health", "/alerts", "/audit", "/people", "/audit/export"]) {
    expect((await page.goto(path))?.status(), path).toBe(403);
    if (path !== "/audit/export") await expect(page.getByText("This page needs the role Admin. Yours is Support.")).toBeVisible();
  }
  await page.goto("/audit");
  await expect(page.getByText(`Ask ${email}.`)).toBeVisible();
  await expect(page.getByText("Reference")).toBeVisible();
  await expect(page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Audit" })).toHaveCount(0);
  const { page: mona } = await someone("merchant");
  expect((await mona.goto("/support"))?.status()).toBe(403);
  await expect(mona.getByText("This page needs the role Support or Admin. Yours is Merchant.")).toBeVisible();
});

test("A18: a time is exact on hover, focus and tap, in the reader's own zone and one click from UTC, whatever the server's is", async ({
  someone,
}) => {
  // The server runs in UTC, this browser in Riyadh; a warning of hydration fails the test.
  const { page } = await someone("admin", { context: { timezoneId: "Asia/Riyadh", hasTouch: true } });
  await page.goto("/people");
  await page.goto("/audit?by=all");
  await database().execute(
    sql`insert into events (kind, actor_kind, actor_id, actor_name, at) values ('alert.opened', 'system', 'worker', 'Latchkey', '2026-01-05T22:30:00Z')`,
  );
  await page.reload();
  const time = page.locator("time").filter({ hasText: "6 Jan" });
  const exact = time.locator(".tip");
  const shown = async () => (await exact.boundingBox())?.width ?? 0;
  await expect(exact).toHaveText(/6\sJanuary 2026, 01:30 .?GMT\+3/);
  expect(await shown()).toBeLessThan(2);
  await time.hover();
  await expect.poll(shown).toBeGreaterThan(100);
  await page.mouse.move(0, 0);
  await expect.poll(shown).toBeLessThan(2);
  await time.focus();
  await expect.poll(shown).toBeGreaterThan(100);
  await page.getByRole("heading", { level: 1 }).focus();
  await expect.poll(shown).toBeLessThan(2);
  await time.tap();
  await expect.poll(shown).toBeGreaterThan(100);

  await page.getByRole("button", { name: "Times are in GMT+3. Show UTC" }).click();
  await expect(page).toHaveURL(/by=all/);
  await expect(page.locator("time .tip").filter({ hasText: /5\sJanuary 2026, 22:30 .?UTC/ })).toHaveCount(1);
  await page.getByRole("button", { name: "Times are in UTC. Show GMT+3" }).click();
  await expect(exact).toHaveText(/01:30 .?GMT\+3/);
});

test("a form that is sent offline waits with what was typed, and the page says so", async ({ someone }) => {
  // The browser itself complains of each request that it cannot send.
  const { page } = await someone("admin", { unwatched: true });
  await page.goto("/people");
  await page.getByLabel("E-mail address").fill("badr@company.example");
  await page.locator("#invite-role").selectOption("Support");
  await page.context().setOffline(true);
  await page.getByRole("button", { name: "Invite", exact: true }).click();
  await expect(page.getByText("You are offline. What you typed is kept.")).toBeVisible();
  await expect(page.getByLabel("E-mail address")).toHaveValue("badr@company.example");
  await page.context().setOffline(false);
  await page.getByRole("button", { name: "Invite", exact: true }).click();
  await expect(page.getByText("Invited.")).toBeVisible();
});
