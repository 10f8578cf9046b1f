import { readFile } from "node:fs/promises";
import { sql } from "drizzle-orm";
import { database } from "@/db/client";
import { shortCode } from "@/lib/connections/short-code";
import { addStore } from "./support/scene";
import { inDays } from "./support/store-states";
import { expect, type Someone, test } from "./support/test";

/** `count` healthy stores of a merchant, `Branch 1` and on. */
async function branches({ merchantId }: Someone, count: number): Promise<void> {
  await database().execute(sql`
    insert into connections (id, merchant_id, offer, provider, environment, label, status, renewable, connected_at, issued_at, expires_at,
      last_proof_at, next_refresh_at, updated_at)
    select 'con_branch' || lpad(i::text, 14, '0'), ${merchantId}, 'square', 'square', 'production', 'Branch ' || i, 'active', true, app_now(), app_now(),
      app_now() + interval '28 days', app_now(), app_now() + interval '7 days', app_now() - i * interval '1 minute'
    from generate_series(1, ${count}) i`);
}

test("S1, S2, S3: answers while one types, in the address, to anything one was given, however it is spelt", async ({ someone }) => {
  test.setTimeout(120_000);
  const amal = await someone("merchant", { name: "مكتبة الأمل" });
  const riyadh = await someone("merchant", { name: "Riyadh Trading" });
  await branches(riyadh, 2_000);
  const id = await addStore("tahlia", riyadh.merchantId, riyadh.userId, { label: "Tahlia corner", expiresAt: inDays(20) });
  await addStore("amal", amal.merchantId, amal.userId, {
    offer: "ultracart",
    status: "reconnect",
    label: "الفرع ١٢",
    environment: "stage",
  });
  const { page } = await someone("support");
  await page.goto("/support");
  await expect(page.getByRole("link", { name: "Needs attention" })).toHaveAttribute("aria-current", "page");
  await expect(page.getByRole("link", { name: "Tahlia corner" })).toHaveCount(0);

  const box = page.getByRole("searchbox");
  await box.pressSequentially("ahli");
  const began = performance.now();
  await expect(page.getByRole("link", { name: "Tahlia corner" })).toBeVisible();
  expect(performance.now() - began).toBeLessThan(3_000);
  await expect(page).toHaveURL(/\/support\?q=ahli$/);
  await expect(box).toBeFocused();
  const omar = (await someone("admin")).page;
  await omar.goto(page.url());
  await expect(omar.getByRole("link", { name: "Tahlia corner" })).toBeVisible();
  await expect(omar.getByRole("heading", { name: "1 connection" })).toBeVisible();

  for (const typed of ["مكتبه الامل", "مَكتبة", "الفرع 12", amal.email, "provider:ultracart status:needs_reconnect env:stage"]) {
    await box.fill(typed);
    await expect(page.getByRole("link", { name: "الفرع ١٢" }), typed).toBeVisible();
    await expect(page.getByRole("heading", { name: "1 connection" }), typed).toBeVisible();
  }
  await expect(page.getByRole("link", { name: /^Remove the filter / })).toHaveCount(3);
  await box.fill("Riyad Trding");
  await page.getByRole("link", { name: "Riyadh Trading" }).click();
  await expect(page.getByRole("heading", { name: "2,001 connections" })).toBeVisible();
  await expect(box).toHaveValue("Riyadh Trading");
  await box.fill(id);
  await expect(page).toHaveURL(new RegExp(`/support/${id}$`));
});

test("S10: narrowed by filters with counts, by links and without a script; kept as a view of one's own", async ({ someone }) => {
  test.setTimeout(120_000);
  const mona = await someone("merchant", { name: "Riyadh Trading" });
  await branches(mona, 120);
  await addStore("jeddah", mona.merchantId, mona.userId, {
    offer: "ultracart",
    label: "Jeddah shop",
    status: "reconnect",
    troubleCode: "refresh_refused",
  });
  await addStore("ending", mona.merchantId, mona.userId, {
    offer: "oauth2",
    label: "Ending shop",
    renewable: false,
    issuedAt: inDays(-28),
    expiresAt: inDays(2),
  });
  const sara = await someone("support");
  const { page } = sara;
  await page.goto("/support");
  await page.getByText("Filters", { exact: true }).click();
  await page.getByRole("checkbox", { name: "Healthy (120)" }).check();
  await expect(page).toHaveURL(/state=healthy/);
  await page.getByRole("link", { name: "All", exact: true }).click();
  await expect(page.getByRole("heading", { name: "122 connections" })).toBeVisible();
  await page.getByRole("combobox", { name: "Platform" }).selectOption({ label: "UltraCart (1)" });
  await expect(page.getByRole("link", { name: "Jeddah shop" })).toBeVisible();
  await expect(page.getByRole("heading", { name: "1 connection" })).toBeVisible();
  await page.getByRole("link", { name: "Remove the filter Platform: UltraCart" }).click();
  await expect(page.getByRole("heading", { name: "122 connections" })).toBeVisible();
  await page.getByRole("link", { name: "Runs out within 7 days" }).click();
  await expect(page.getByRole("heading", { name: "1 connection" })).toBeVisible();
  await expect(page.getByRole("link", { name: "Ending shop" })).toBeVisible();

  await page.goto("/support?q=branch&env=production");
  await page.getByText("Save this view").click();
  await page.getByLabel("Name of the view").fill("My branches");
  await page.getByRole("button", { name: "Save view" }).click();
  await expect(page.getByText("The view was saved.")).toBeVisible();
  await page.goto("/support");
  await page.getByRole("link", { name: "My branches" }).click();
  await expect(page.getByRole("heading", { name: "120 connections" })).toBeVisible();
  await expect(page.getByRole("link", { name: "My branches" })).toHaveAttribute("aria-current", "page");

  const plain = (await someone("support", { context: { javaScriptEnabled: false } })).page;
  await plain.goto("/support");
  await plain.getByRole("searchbox").fill("branch");
  await plain.getByText("Filters", { exact: true }).click();
  await plain.getByRole("checkbox", { name: /^Healthy/ }).check();
  await plain.getByRole("checkbox", { name: /^Revoked/ }).check();
  await plain.getByRole("button", { name: "Show these" }).click();
  await expect(plain.getByRole("heading", { name: "120 connections" })).toBeVisible();
  await expect(plain.getByRole("link", { name: "Branch 50", exact: true })).toBeVisible();
  await plain.getByRole("link", { name: "Next page" }).click();
  await expect(plain.getByRole("link", { name: "Branch 51", exact: true })).toBeVisible();
  await plain.getByRole("link", { name: "Previous page" }).click();
  await expect(plain.getByRole("link", { name: "Branch 1", exact: true })).toBeVisible();
  await plain.getByRole("link", { name: "Clear all" }).click();
  await expect(plain.getByRole("heading", { name: "122 connections" })).toBeVisible();
});

test("S11: the keyboard leads through the rows; who comes back finds the place, the ticks and the query", async ({ someone }) => {
  const mona = await someone("merchant", { name: "Riyadh Trading" });
  await branches(mona, 60);
  const { page } = await someone("support");
  await page.goto("/support?q=branch");
  const rows = page.locator("#results a[data-row]");
  await expect(rows).toHaveCount(50);
  await page.getByRole("heading", { level: 1 }).click();
  await page.keyboard.press("/");
  await expect(page.getByRole("searchbox")).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await expect(rows.first()).toBeFocused();
  await page.keyboard.press("j");
  await expect(rows.nth(1)).toBeFocused();
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("ArrowUp");
  await expect(page.getByRole("searchbox")).toBeFocused();

  await page.getByRole("checkbox", { name: "Select Branch 40" }).check();
  const row = page.getByRole("link", { name: "Branch 40", exact: true });
  await row.focus();
  const before = await page.evaluate(() => scrollY);
  expect(before).toBeGreaterThan(200);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Branch 40");
  await page.goBack();
  await expect(row).toBeVisible();
  await expect(page).toHaveURL(/q=branch$/);
  await expect(page.getByRole("checkbox", { name: "Select Branch 40" })).toBeChecked();
  await expect.poll(() => page.evaluate((was) => Math.abs(scrollY - was), before)).toBeLessThan(80);

  await page.getByRole("button", { name: "Turn single-key shortcuts off" }).click();
  await expect(page.getByRole("button", { name: "Turn single-key shortcuts on" })).toBeVisible();
  await page.getByRole("heading", { level: 1 }).click();
  await page.keyboard.press("/");
  await expect(page.getByRole("searchbox")).not.toBeFocused();
});

test("S15: the list goes into a file, as it is narrowed", async ({ someone }) => {
  const mona = await someone("merchant", { name: "مكتبة الأمل" });
  await branches(mona, 3);
  await addStore("other", mona.merchantId, mona.userId, { label: "Other", expiresAt: inDays(20) });
  const { page } = await someone("support");
  await page.goto("/support?q=branch");
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "Export CSV" }).click();
  const file = await (await download).path();
  const text = await readFile(file, "utf8");
  expect((await download).suggestedFilename()).toMatch(/^latchkey-connections-\d{4}-\d\d-\d\d\.csv$/);
  expect(text.charCodeAt(0)).toBe(0xfeff);
  expect(text.trim().split("\r\n")).toHaveLength(4);
  expect(text).toContain("مكتبة الأمل");
  expect(text).toMatch(/\/connect\/square\?connection=con_branch/);
});

test("what one person does shows in another's open list within ten seconds, unless it is paused, and nothing else of it moves", async ({
  someone,
}) => {
  test.setTimeout(90_000);
  const mona = await someone("merchant", { name: "Riyadh Trading" });
  await branches(mona, 3);
  const id = "con_branch00000000000002";
  const [sara, omar] = [(await someone("support")).page, (await someone("admin")).page];
  await omar.goto("/support?q=branch");
  await omar.evaluate(() => Object.assign(window, { here: true }));
  await omar.getByRole("checkbox", { name: "Select Branch 3" }).check();
  await omar.getByRole("link", { name: "Branch 1", exact: true }).focus();
  await sara.goto(`/support/${id}/revoke`);
  await sara.getByLabel("Reason").selectOption("Suspected misuse");
  await sara.getByLabel("In your own words").fill("Shared login");
  await sara.getByLabel("To confirm, type").fill(shortCode(id));
  await sara.getByRole("button", { name: "Revoke access to Branch 2" }).click();
  await sara.waitForURL(`**/support/${id}**`);
  await expect(omar.getByRole("row", { name: "Branch 2" })).toContainText("Revoked", { timeout: 10_000 });
  expect(await omar.evaluate(() => "here" in window)).toBe(true);
  await expect(omar.getByRole("checkbox", { name: "Select Branch 3" })).toBeChecked();
  await expect(omar.getByRole("link", { name: "Branch 1", exact: true })).toBeFocused();
  await omar.getByRole("button", { name: "Pause updates" }).click();
  await expect(omar.getByRole("button", { name: "Resume updates" })).toBeVisible();
});
