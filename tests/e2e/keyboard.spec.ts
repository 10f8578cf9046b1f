import type { Locator, Page } from "@playwright/test";
import { keepSecret } from "@/tests/leaks/run-folder";
import { type NorceUser, norceUser, outcome } from "./support/journey";
import { addStore } from "./support/scene";
import { storeStates } from "./support/store-states";
import { expect, test } from "./support/test";

const MOST_STOPS = 80;

/** Goes forward by Tab alone until that has the focus, seen on the way: every stop must show where it is. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let stops = 0; stops < MOST_STOPS; stops += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Tab");
    const unseen = await page.evaluate(() => {
      const at = document.activeElement;
      if (!at || at === document.body) return "";
      // Around a radio the ring is that of its words.
      const { outlineStyle, outlineWidth } = getComputedStyle(at.closest("label") ?? at);
      const box = at.getBoundingClientRect();
      // Through the address bar, or whatever the browser has around its page, focus leaves and comes back.
      const within = box.bottom > 0 && box.top < innerHeight;
      const ring = outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 2;
      return within && ring ? "" : `${at.tagName} ${at.textContent?.trim().slice(0, 40)}: ${within ? "no ring" : "out of sight"}`;
    });
    expect.soft(unseen, "a stop that cannot be seen").toBe("");
  }
  throw new Error(`${target} was not reached by ${MOST_STOPS} stops`);
}

async function press(page: Page, target: Locator, key = "Enter"): Promise<void> {
  await tabTo(page, target);
  await page.keyboard.press(key);
}

async function type(page: Page, label: string, text: string): Promise<void> {
  await tabTo(page, page.getByLabel(label, { exact: true }));
  await page.keyboard.type(text);
}

/** Arrows move within a group of radios, which is one stop. */
async function choose(page: Page, legend: string, option: RegExp): Promise<void> {
  const group = page.getByRole("radiogroup", { name: legend }).or(page.getByRole("group", { name: legend }));
  const checked = group.locator("input:checked");
  await tabTo(page, (await checked.count()) > 0 ? checked : group.getByRole("radio").first());
  const wanted = group.getByRole("radio", { name: option });
  await page.keyboard.press("Space");
  for (let tries = 0; tries < 4 && !(await wanted.isChecked()); tries += 1) await page.keyboard.press("ArrowDown");
  await expect(wanted).toBeChecked();
}

/** The consent page is the platform's own. */
async function approve(page: Page): Promise<void> {
  await page.waitForURL(/^http:\/\/127\.0\.0\.1:/);
  await page.getByRole("radio", { name: "Riyadh shop" }).check();
  await page.getByRole("button", { name: "Approve" }).click();
}

test("M22 M1: a store is connected by keyboard alone, the skip link first", async ({ someone }) => {
  const { page } = await someone("merchant");
  await page.goto("/connections");
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to the content" })).toBeFocused();
  await page.keyboard.press("Enter");
  await press(page, page.getByRole("link", { name: /^Square/ }));
  await press(page, page.getByRole("button", { name: "Continue to Square" }), "Space");
  await approve(page);
  await expect(outcome(page)).toHaveText("Riyadh shop is connected", { timeout: 20_000 });
  await expect(outcome(page)).toBeFocused();
  await press(page, page.getByRole("link", { name: "See the store" }));
  await expect(page.getByText("Working", { exact: true })).toBeVisible();
});

async function fill(page: Page, { slug, clientId, clientSecret, applications }: NorceUser): Promise<void> {
  await type(page, "Client name or host", slug);
  await type(page, "Client ID", clientId);
  await type(page, "Client secret", clientSecret);
  await choose(page, "Environment", /Stage/);
  await type(page, "Application ID", ` ${applications[0]} `);
}

test("M22 M8: pasted values by keyboard alone: Enter sends, the summary leads to the field, spaces around are cut off", async ({
  someone,
  installation,
}) => {
  const { page } = await someone("merchant");
  const user = norceUser(installation.world);
  await page.goto("/connect/norce");
  await fill(page, { ...user, clientSecret: "wrong-secret" });
  await page.keyboard.press("Enter");
  await expect(page.getByRole("alert", { name: "There is a problem" })).toBeFocused();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(page.getByLabel("Client secret", { exact: true })).toBeFocused();
  await page.keyboard.type(`  ${user.clientSecret} `);
  await press(page, page.getByRole("button", { name: "Test and connect" }));
  await expect(outcome(page)).toHaveText(/is connected$/, { timeout: 20_000 });
});

test("M22 M14: a store is reconnected from the list by keyboard alone, in two presses of ours", async ({ someone }) => {
  const { page, merchantId, userId } = await someone("merchant");
  await addStore("by keys", merchantId, userId, { ...storeStates().needs_reconnect, offer: "square" });
  await page.goto("/connections");
  await press(page, page.getByRole("link", { name: "Reconnect Jeddah shop" }));
  await expect(outcome(page)).toHaveText("Reconnect Jeddah shop");
  await press(page, page.getByRole("button", { name: "Continue to Square" }));
  await approve(page);
  // The row's account is another one, which is asked about and not overwritten.
  await expect(outcome(page)).toHaveText("You signed in to a different store", { timeout: 20_000 });
  await expect(outcome(page)).toBeFocused();
  await press(page, page.getByRole("button", { name: "Keep Jeddah shop and try again" }));
  await expect(outcome(page)).toHaveText("Reconnect Jeddah shop");
});

test("M22 M17: a store is disconnected by keyboard alone; the dialog holds the focus and gives it back", async ({ someone }) => {
  const { page, merchantId, userId } = await someone("merchant");
  const id = await addStore("by keys", merchantId, userId, { ...storeStates().on_demand, label: "Corner shop" });
  await page.goto(`/connections/${id}`);
  const opener = page.getByRole("link", { name: "Disconnect…" });
  await press(page, opener);
  const dialog = page.getByRole("dialog", { name: "Disconnect Corner shop?" });
  await expect(dialog).toBeVisible();
  const confirm = dialog.getByRole("button", { name: "Disconnect Corner shop" });
  // Tab goes round inside, past the browser's own stops, and never to the page behind.
  for (let stops = 0; stops < 6; stops += 1) {
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement === document.body || !!document.activeElement?.closest("dialog"))).toBe(true);
  }
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await expect(opener).toBeFocused();
  await page.keyboard.press("Enter");
  await press(page, confirm);
  await expect(page.getByText("Revoked", { exact: true })).toBeVisible();
});

test("A12: by the keyboard alone an admin makes a key, sees it once, replaces it and revokes the one before", async ({
  someone,
  installation,
}) => {
  const { page } = await someone("admin");
  const answers = async (token: string) =>
    (await fetch(`${installation.url}/api/v1/connections/con_nowhere`, { headers: { authorization: `Bearer ${token}` } })).status;
  const shown = page.locator("code", { hasText: /^lk_\w{38}$/ });
  const save = async () => {
    const token = keepSecret("key", (await shown.textContent()) ?? "");
    expect(page.url()).not.toContain("lk_");
    await expect(page.getByRole("button", { name: "Copy: API key" })).toBeVisible();
    await press(page, page.getByRole("link", { name: "I have saved it" }));
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("API keys");
    expect(await page.content()).not.toContain(token);
    return token;
  };
  await page.goto("/keys");
  await press(page, page.getByRole("link", { name: "New key" }));
  await type(page, "Name", "orders-sync");
  await press(page, page.getByRole("checkbox", { name: /^connections:read/ }), "Space");
  await expect(page.getByRole("checkbox", { name: /^credentials:read/ })).not.toBeChecked();
  await press(page, page.getByRole("button", { name: "Make the key" }));
  await expect(shown).toBeVisible();
  const first = await save();
  expect(await answers(first)).toBe(404);

  await press(page, page.getByRole("link", { name: "Replace" }));
  await press(page, page.getByRole("button", { name: "Make the new key" }));
  await expect(shown).toBeVisible();
  const second = await save();
  expect([await answers(first), await answers(second)]).toEqual([404, 404]);
  await expect(page.getByRole("row").nth(1)).toContainText(`In place of ${first.slice(0, 8)}`);

  await press(page, page.getByRole("row").filter({ hasNotText: "In place of" }).getByRole("link", { name: "Revoke" }));
  await type(page, "Type orders-sync to confirm", "orders-sync");
  await press(page, page.getByRole("button", { name: "Revoke orders-sync" }));
  await expect(page.getByRole("status").filter({ hasText: "Revoked" })).toBeVisible();
  expect([await answers(first), await answers(second)]).toEqual([401, 404]);
});
