import { sql } from "drizzle-orm";
import { database } from "@/db/client";
import { moveClock } from "@/tests/auth/people";
import { arrive, connect, decide, goToPlatform, outcome, seeStore } from "./support/journey";
import { expect, sessionCookie, test } from "./support/test";

async function countOf(table: "connections" | "attempts"): Promise<number> {
  const found = await database().execute<{ count: string }>(sql.raw(`select count(*) as count from ${table}`));
  return Number(found.rows[0]?.count);
}

test("C-02: no permission given: nothing is connected, and trying again keeps the name", async ({ someone, installation }) => {
  const { page } = await someone("merchant");
  await page.goto("/connect/square");
  await page.getByLabel("Store name").fill("My corner shop");
  await page.getByRole("button", { name: "Continue to Square" }).click();
  await arrive(page);
  await decide(page, "Deny");
  await expect(outcome(page)).toHaveText("You did not give permission");
  expect(page.url()).not.toMatch(/error=|state=/);
  await page.getByRole("link", { name: "Try again" }).click();
  await expect(page.getByLabel("Store name")).toHaveValue("My corner shop");
  expect(await countOf("connections")).toBe(0);
  expect(installation.world.platforms.square.ledger.count("token")).toBe(0);
});

test("C-14: nothing came back", async ({ someone, installation }) => {
  const { page } = await someone("merchant");
  await goToPlatform(page, "noon");
  await decide(page, "Deny");
  await expect(outcome(page)).toHaveText("No permission came back");
  expect(installation.world.platforms.noon.ledger.count("token/create")).toBe(0);
});

test("C-10: another account on reconnecting: kept, or added as a new store", async ({ someone, installation }) => {
  const { page } = await someone("merchant");
  await connect(page, installation.world, "square");
  const id = await seeStore(page);
  const reconnectAs = async (store: string) => {
    await page.goto(`/connections/${id}`);
    await page.getByRole("link", { name: "Reconnect", exact: true }).click();
    await page.getByRole("button", { name: "Continue to Square" }).click();
    await arrive(page);
    await decide(page, "Approve", store);
    await expect(outcome(page)).toHaveText("You signed in to a different store");
    await expect(page.getByText("You signed in to Jeddah shop, but you were reconnecting Riyadh shop.")).toBeVisible();
  };

  await reconnectAs("Jeddah shop");
  await page.goto("/connections");
  await expect(page.getByRole("article")).toHaveCount(1);
  await page.goBack();
  await page.getByRole("button", { name: "Keep Riyadh shop and try again" }).click();
  await expect(outcome(page)).toHaveText("Reconnect Riyadh shop");
  await expect.poll(() => installation.world.platforms.square.ledger.count("revoke", 200)).toBe(1);

  await reconnectAs("Jeddah shop");
  await page.getByRole("button", { name: "Add Jeddah shop as a new store" }).click();
  await expect(outcome(page)).toHaveText("Jeddah shop is connected");
  await page.goto("/connections");
  await expect(page.getByRole("article")).toHaveCount(2);
  await page.goto(`/connections/${id}`);
  await expect(page.getByText("Working", { exact: true })).toBeVisible();
});

test("the same store again is renewed, not doubled", async ({ someone, installation }) => {
  const { page } = await someone("merchant");
  await connect(page, installation.world, "ultracart");
  const id = await seeStore(page);
  await goToPlatform(page, "ultracart");
  await decide(page);
  await expect(outcome(page)).toHaveText(/^Permission renewed for/, { timeout: 20_000 });
  expect(await seeStore(page)).toBe(id);
  await page.goto("/connections");
  await expect(page.getByRole("article")).toHaveCount(1);
});

test("X-21: a store that another merchant holds is set aside without naming anybody", async ({ someone, installation }) => {
  const mona = await someone("merchant", { name: "Riyadh Trading" });
  const yusuf = await someone("merchant", { name: "Jeddah Books" });
  await connect(mona.page, installation.world, "oauth2");
  await goToPlatform(yusuf.page, "oauth2");
  await decide(yusuf.page);
  await expect(outcome(yusuf.page)).toHaveText("This store could not be added to your account", { timeout: 20_000 });
  await expect(yusuf.page.getByText("Riyadh Trading")).toHaveCount(0);
  await yusuf.page.goto("/connections");
  await expect(yusuf.page.getByText("No stores connected yet")).toBeVisible();
});

test("a double click starts one attempt, and Back finds it in progress", async ({ someone }) => {
  const { page } = await someone("merchant");
  await page.goto("/connect/square");
  await page.getByRole("button", { name: "Continue to Square" }).dblclick();
  await arrive(page);
  expect(await countOf("attempts")).toBe(1);
  await page.goBack();
  await expect(page.getByText("You have an attempt in progress")).toBeVisible();
  await page.getByRole("link", { name: "Go to that attempt" }).click();
  await expect(outcome(page)).toHaveText("You are not back from Square yet");
});

test("C-09: two tabs both finish", async ({ someone }) => {
  const { page } = await someone("merchant");
  const other = await page.context().newPage();
  await goToPlatform(page, "square");
  await goToPlatform(other, "square");
  await decide(page, "Approve", "Riyadh shop");
  await decide(other, "Approve", "Jeddah shop");
  await expect(outcome(page)).toHaveText("Riyadh shop is connected", { timeout: 20_000 });
  await expect(outcome(other)).toHaveText("Jeddah shop is connected", { timeout: 20_000 });
});

test("C-09: of two attempts to reconnect one store the newer wins, and the older page says so", async ({ someone, installation }) => {
  const { page } = await someone("merchant");
  await connect(page, installation.world, "square");
  const id = await seeStore(page);
  const tabs = [page, await page.context().newPage()];
  for (const tab of tabs) {
    await tab.goto(`/connect/square?connection=${id}`);
    await tab.getByRole("button", { name: "Continue to Square" }).click();
    await arrive(tab);
  }
  for (const tab of tabs) await decide(tab);
  await expect(outcome(page)).toHaveText("A newer attempt replaced this one");
  await page.getByRole("link", { name: "Go to the newer attempt" }).click();
  await expect(outcome(page)).toHaveText("Permission renewed for Riyadh shop", { timeout: 20_000 });
});

test("C-08: signed out while at the platform: signing in leads to the same result, exchanged once", async ({ someone, installation }) => {
  const mona = await someone("merchant");
  const { page } = mona;
  const { ledger } = installation.world.platforms.square;
  await goToPlatform(page, "square");
  await page.context().clearCookies({ name: sessionCookie });
  await decide(page);
  await expect(page).toHaveURL(/\/sign-in\?to=%2Fconnect%2Fresult%2F/);
  const back = new URL(page.url()).searchParams.get("to") ?? "";
  // The code is held for the same person: nobody sends it meanwhile, however long that takes within the attempt's life.
  await page.waitForTimeout(3_000);
  expect(ledger.count("token")).toBe(0);
  await page.context().addCookies([{ name: sessionCookie, value: mona.token, url: installation.url, httpOnly: true, sameSite: "Lax" }]);
  await page.goto(back);
  await expect(outcome(page)).toHaveText("Riyadh shop is connected", { timeout: 20_000 });
  expect(new URL(page.url()).pathname).toBe(back);
  expect(ledger.count("token")).toBe(1);
});

test("reloading, going back and a bookmark change nothing", async ({ someone, installation }) => {
  const { page } = await someone("merchant");
  const { ledger } = installation.world.platforms.square;
  await connect(page, installation.world, "square");
  const result = page.url();
  const calls = ledger.calls.length;
  await page.reload();
  await expect(outcome(page)).toHaveText("Riyadh shop is connected");
  await page.getByRole("link", { name: "See the store" }).click();
  await page.waitForURL(/\/connections\//);
  await page.goBack();
  await expect(outcome(page)).toHaveText("Riyadh shop is connected");
  await page.goto(result);
  await expect(outcome(page)).toHaveText("Riyadh shop is connected");
  expect(ledger.count("token")).toBe(1);
  expect(ledger.calls.length).toBe(calls);
});

test("C-06: who takes longer than ten minutes starts again with one click", async ({ someone, installation }) => {
  const { page } = await someone("merchant");
  await goToPlatform(page, "square");
  await moveClock("11 minutes");
  await decide(page);
  await expect(outcome(page)).toHaveText("This attempt timed out");
  await page.getByRole("link", { name: "Start again" }).click();
  await expect(outcome(page)).toHaveText("Connect Square");
  expect(installation.world.platforms.square.ledger.count("token")).toBe(0);
});

test("C-04: an expired link of the platform is a link that expired, not a fault", async ({ someone, installation }) => {
  const { page } = await someone("merchant");
  installation.world.platforms.ultracart.switches.expireLinks = true;
  await goToPlatform(page, "ultracart");
  await decide(page);
  await expect(outcome(page)).toHaveText("This attempt timed out");
});
