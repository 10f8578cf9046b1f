import { sql } from "drizzle-orm";
import { database } from "@/db/client";
import { createKey } from "@/lib/keys/create-key";
import { asActor } from "@/tests/auth/people";
import { keepSecret } from "@/tests/leaks/run-folder";
import { freePort } from "@/tests/support/free-port";
import { setScene } from "./support/scene";
import { expect, test } from "./support/test";

test("A12: without a script a key is made and shown once; what was wrong is told and what was typed stays", async ({
  someone,
  installation,
}) => {
  const { page } = await someone("admin", { context: { javaScriptEnabled: false } });
  await page.goto("/keys/new");
  await page.getByLabel("Name", { exact: true }).fill("stock-watch");
  await page.getByRole("checkbox", { name: /^access:read/ }).uncheck();
  await page.getByLabel("Only these merchants").fill("Nobody at all");
  await page.getByLabel("Requests a second").fill("20");
  await page.getByRole("button", { name: "Make the key" }).click();
  await expect(page.getByRole("alert")).toContainText("There is no merchant “Nobody at all”");
  await page.getByLabel("Only these merchants").fill("");
  await page.getByRole("button", { name: "Make the key" }).click();
  await expect(page.getByRole("alert")).toContainText("Tick at least one thing");
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue("stock-watch");
  await page.getByRole("checkbox", { name: /^proxy/ }).check();
  await page.getByRole("button", { name: "Make the key" }).click();
  const shown = page.locator("code", { hasText: /^lk_\w{38}$/ });
  const token = keepSecret("key", (await shown.textContent()) ?? "");
  expect(page.url()).not.toContain("lk_");
  await page.getByRole("link", { name: "I have saved it" }).click();
  await expect(page.getByRole("row", { name: /stock-watch/ })).toContainText("20 requests a second");
  expect(await page.content()).not.toContain(token);

  const asked = await fetch(`${installation.url}/api/v1/connections`, { headers: { authorization: `Bearer ${token}` } });
  expect(asked.status).toBe(403);
  const row = async () => {
    await page.reload();
    return page.getByRole("row", { name: /stock-watch/ }).textContent();
  };
  // Written within five seconds.
  await expect.poll(row, { timeout: 20_000, intervals: [1_000] }).not.toContain("Not yet");
});

test("A12: a store’s owner and staff see which programs use it, and pause one of them", async ({ someone }) => {
  const merchant = await someone("merchant");
  const { stores } = await setScene(merchant);
  const { page } = merchant;
  const line = (name: string, on = page) =>
    on.getByRole("region", { name: "Programs that use it" }).getByRole("listitem").filter({ hasText: name });
  await page.goto(`/connections/${stores.healthy}`);
  await expect(line("orders-sync")).toContainText(/Used by orders-sync 1,204 times this week, last \d+\smin\sago/);
  await expect(line("stock-watch")).toContainText("Paused by Sara Lind");
  await expect(page.getByRole("region", { name: "Programs that use it" })).toContainText("up to 5 seconds");
  await line("orders-sync").getByRole("button", { name: "Pause" }).click();
  await expect(line("orders-sync")).toContainText("Paused by");
  await expect(page.getByText("orders-sync was paused")).toBeVisible();

  const support = await someone("support");
  await support.page.goto(`/support/${stores.healthy}`);
  await line("orders-sync", support.page).getByRole("button", { name: "Let again" }).click();
  await expect(line("orders-sync", support.page)).not.toContainText("Paused by");
  await expect(line("orders-sync", support.page).getByRole("button", { name: "Pause" })).toBeVisible();
});

test("what a process counted is written when it ends", async ({ installation, someone }) => {
  const { userId } = await someone("admin");
  const { id, token } = await createKey(asActor(userId), { name: "orders-sync", scopes: ["connections:read"] });
  const port = await freePort();
  const other = await installation.start({}, port);
  const asked = await fetch(`http://localhost:${port}/api/v1/connections`, {
    headers: { authorization: `Bearer ${keepSecret("key", token)}` },
  });
  expect(asked.status).toBe(200);
  await other.stop();
  const used = await database().execute(sql`select from api_keys where id = ${id} and last_used_at is not null`);
  expect(used.rows).toHaveLength(1);
});
