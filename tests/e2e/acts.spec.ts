import type { Page } from "@playwright/test";
import { eq } from "drizzle-orm";
import { database } from "@/db/client";
import { sessions } from "@/db/schema";
import { shortCode } from "@/lib/connections/short-code";
import { connect, seeStore } from "./support/journey";
import { addStore } from "./support/scene";
import { inDays } from "./support/store-states";
import { expect, test } from "./support/test";

const status = (page: Page, store: string) => page.getByRole("row", { name: store });
const menuOf = (page: Page, store: string) => page.getByRole("button", { name: `Acts for ${store}` });

/** Fills in why, as the dialog asks for it; the last press is the caller's. */
async function sayWhy(page: Page, code: string): Promise<void> {
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Reason").selectOption("Suspected misuse");
  await dialog.getByLabel("In your own words").fill("Shared login");
  await dialog.getByLabel("Ticket").fill("SUP-4711");
  await dialog.getByLabel("To confirm, type").fill(code);
}

test("S4, S14: a revocation from the list wants a reason and a code, takes at most five clicks, and whoever comes second reads who was first", async ({
  someone,
  installation,
}) => {
  test.setTimeout(120_000);
  const mona = (await someone("merchant", { name: "Riyadh Trading" })).page;
  await connect(mona, installation.world, "square", { label: "Riyadh shop" });
  const id = await seeStore(mona);
  const first = await someone("support");
  const [sara, omar] = [first.page, (await someone("admin")).page];
  let clicks = 0;
  const click = async (press: Promise<void>) => {
    clicks += 1;
    await press;
  };
  for (const page of [sara, omar]) await page.goto("/support?q=Riyadh");
  // The second opens the dialog before the first is done.
  await menuOf(omar, "Riyadh shop").click();
  await omar.getByRole("link", { name: "Revoke access…" }).click();
  await expect(omar.getByRole("dialog")).toContainText("Revoke access to Riyadh shop");

  await click(menuOf(sara, "Riyadh shop").click());
  await click(sara.getByRole("link", { name: "Revoke access…" }).click());
  const dialog = sara.getByRole("dialog");
  await expect(dialog.getByLabel("Reason")).toBeFocused();
  await expect(dialog).toContainText(shortCode(id));
  await sayWhy(sara, "7KQ2MX");
  const revoke = dialog.getByRole("button", { name: "Revoke access to Riyadh shop" });
  await click(revoke.click());
  await expect(dialog.getByRole("alert")).toContainText(`Type ${shortCode(id)} exactly as shown.`);
  await expect(dialog.getByLabel("In your own words")).toHaveValue("Shared login");
  await dialog.getByLabel("To confirm, type").fill(shortCode(id).toLowerCase());
  const turned = await watchRows(sara, "Revoked");
  await click(revoke.click());
  await expect(status(sara, "Riyadh shop")).toContainText("Revoked");
  expect(await turned()).toBeLessThan(500);
  expect(clicks).toBeLessThanOrEqual(5);
  await expect(dialog).toBeHidden();
  await expect(sara.getByRole("status").filter({ hasText: "Revoked. Square confirmed it." })).toHaveCount(1);
  await expect(sara.getByRole("link", { name: "Riyadh shop" })).toBeFocused();

  await sayWhy(omar, shortCode(id));
  await omar.getByRole("dialog").getByRole("button", { name: "Revoke access to Riyadh shop" }).click();
  await expect(omar.getByRole("dialog")).toContainText(`${first.email} revoked this now. Nothing more was sent.`);
  await omar.getByRole("dialog").getByRole("button", { name: "Close" }).click();
  await expect(status(omar, "Riyadh shop")).toContainText("Revoked");
  expect(installation.world.platforms.square.ledger.count("revoke", 200)).toBe(1);

  await sara.getByRole("link", { name: "Riyadh shop" }).click();
  await expect(sara.getByText("Suspected misuse: Shared login").first()).toBeVisible();
  await expect(sara.getByText("SUP-4711").first()).toBeVisible();
});

test("S6: rows are ticked in ranges, all that match with one more press; the number is typed, the run is watched and left", async ({
  someone,
}) => {
  test.setTimeout(120_000);
  const owner = await someone("merchant", { name: "Riyadh Trading" });
  for (let index = 1; index <= 6; index += 1)
    await addStore(`bulk ${index}`, owner.merchantId, owner.userId, { offer: "oauth2", label: `Stall ${index}`, expiresAt: inDays(20) });
  await addStore("bulk gone", owner.merchantId, owner.userId, {
    offer: "oauth2",
    label: "Stall 7",
    status: "revoked",
    revokedAt: inDays(-1),
    revokeConfirmed: "remote",
  });
  const { page } = await someone("support");
  await page.goto("/support?q=Stall");
  const boxes = page.getByRole("checkbox", { name: /^Select Stall/ });
  await expect(boxes).toHaveCount(7);
  await boxes.first().check();
  await expect(page.getByText("1 selected")).toBeVisible();
  await boxes.nth(3).click({ modifiers: ["Shift"] });
  await expect(page.getByText("4 selected")).toBeVisible();
  await boxes.nth(1).uncheck();
  await expect(page.getByText("3 selected")).toBeVisible();
  await boxes.nth(4).press("Space");
  await boxes.nth(6).press("Shift+Space");
  await expect(page.getByText("6 selected")).toBeVisible();
  await page.getByRole("button", { name: "Select all 7 that match" }).click();
  await expect(page.getByText("All 7 that match are selected")).toBeVisible();
  await page.getByRole("button", { name: "Revoke access…" }).click();

  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Revoke access to 6 connections");
  await expect(page.getByText("1 is revoked already")).toBeVisible();
  await page.getByLabel("Reason").selectOption("The merchant is no longer a customer");
  await page.getByLabel("In your own words").fill("Contract ended");
  await page.getByLabel("To confirm, type the number").fill("7");
  const submit = page.getByRole("button", { name: "Revoke access to 6 connections" });
  await submit.click();
  await expect(page.getByRole("alert", { name: "There is a problem" })).toContainText("By now there are 6 connections.");
  await page.getByLabel("To confirm, type the number").fill("6");
  await submit.click();
  await page.waitForURL("**/support/bulk/run_*");
  await expect(page.getByText("6 of 6 revoked.")).toBeVisible({ timeout: 20_000 });
  await expect(page.getByRole("status").filter({ hasText: "Finished." })).toBeVisible();
  await expect(page.getByRole("progressbar")).toHaveAttribute("value", "6");
  await page.getByRole("link", { name: "Bulk acts" }).click();
  await expect(page.getByRole("row", { name: /Revoke access to 6 connections/ })).toContainText("6 of 6");
});

test("S6: without a script many are tested from the list, and somebody who signed in long ago signs in again before revoking", async ({
  someone,
}) => {
  const owner = await someone("merchant", { name: "Riyadh Trading" });
  for (const name of ["one", "two"])
    await addStore(`plain ${name}`, owner.merchantId, owner.userId, { offer: "oauth2", label: `Kiosk ${name}`, expiresAt: inDays(20) });
  const { page, userId } = await someone("support", { context: { javaScriptEnabled: false } });
  await page.goto("/support?q=Kiosk");
  await page.getByRole("checkbox", { name: "Select Kiosk one" }).check();
  await page.getByRole("button", { name: "Test…" }).click();
  await page.getByRole("button", { name: "Test 1 connection" }).click();
  await page.waitForURL("**/support/bulk/run_*");
  await expect(page.getByRole("link", { name: "Refresh" })).toBeVisible();

  await signedInLongAgo(userId);
  await page.goto("/support?q=Kiosk");
  await page.getByLabel("Everything that matches").check();
  await page.getByRole("button", { name: "Revoke access…" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Revoke access to 2 connections");
  await page.getByRole("link", { name: "Sign in again" }).click();
  await expect(page).toHaveURL(/\/sign-in\?fresh=1&to=%2Fsupport%2Fbulk%3F/);
});

test("S7, S9, S16: tested at once, explained in either language, and told to engineers without a secret", async ({
  someone,
  installation,
}) => {
  test.setTimeout(90_000);
  const mona = (await someone("merchant", { name: "Riyadh Trading" })).page;
  await connect(mona, installation.world, "square", { label: "Riyadh shop" });
  const id = await seeStore(mona);
  const { page } = await someone("support", { context: { permissions: ["clipboard-read", "clipboard-write"] } });
  const copied = () => page.evaluate(() => navigator.clipboard.readText());

  await page.goto("/support?q=Riyadh");
  await menuOf(page, "Riyadh shop").click();
  await page.getByRole("button", { name: "Test now" }).click();
  await expect(page.getByText("Riyadh shop: It works: the platform confirmed it just now.")).toBeVisible({ timeout: 10_000 });

  await page.goto(`/support/${id}`);
  await page.getByRole("button", { name: "Renew now" }).click();
  await expect(page.getByText("Access was renewed.").first()).toBeVisible({ timeout: 10_000 });
  await page.getByRole("button", { name: "Copy explanation (English)" }).click();
  expect(await copied()).toMatch(/^Riyadh shop is connected to Square and works\./);
  await page.getByRole("button", { name: "Copy explanation (Arabic)" }).click();
  expect(await copied()).toMatch(/مرتبط بمنصة/);
  await page.getByRole("button", { name: "Copy diagnostics" }).click();
  const text = await copied();
  expect(text).toContain(`connection: ${id}`);
  expect(text).toContain("connection.renewed");
  expect(text).not.toMatch(/CNRY-/);
});

test("S5: what the platform has not confirmed is told as that, with how often it was asked, in the list and on its page", async ({
  someone,
}) => {
  const owner = await someone("merchant", { name: "Riyadh Trading" });
  const id = await addStore("telling", owner.merchantId, owner.userId, {
    label: "Mall stand",
    status: "revoking",
    revokeAskedAt: inDays(-0.01),
    revokeTries: 2,
    revokeNextAt: inDays(1),
    trouble: "transient",
    troubleCode: "unreachable",
  });
  const { page } = await someone("support");
  await page.goto("/support?q=Mall");
  await expect(status(page, "Mall stand")).toContainText("Telling Square (retry 2 of 8)");
  await page.goto(`/support/${id}`);
  await expect(page.getByText("Revoked here — telling Square (retry 2 of 8)")).toBeVisible();
  await expect(page.getByRole("link", { name: "Revoke access…" })).toHaveCount(0);
});

/** Resolves, once a row says so, to the milliseconds since the answer to the browser's last act was whole. */
async function watchRows(page: Page, text: string): Promise<() => Promise<number>> {
  const seen = await page.evaluateHandle(
    (wanted) => ({
      at: new Promise<number>((resolve) => {
        const look = () => {
          if ([...document.querySelectorAll("tbody tr")].some((row) => row.textContent?.includes(wanted))) resolve(performance.now());
        };
        new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true });
      }),
    }),
    text,
  );
  return () =>
    seen.evaluate(async ({ at }) => {
      const shown = await at;
      const asked = performance.getEntriesByType("resource") as PerformanceResourceTiming[];
      const last = asked.filter(({ name, startTime }) => new URL(name).pathname === "/support" && startTime < shown).at(-1);
      return shown - (last?.responseEnd ?? 0);
    });
}

async function signedInLongAgo(userId: string): Promise<void> {
  await database()
    .update(sessions)
    .set({ createdAt: inDays(-0.1) })
    .where(eq(sessions.userId, userId));
}
