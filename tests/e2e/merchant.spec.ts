import { readFileSync } from "node:fs";
import { database } from "@/db/client";
import { insertSession } from "@/db/sessions";
import { longestSessionS } from "@/lib/auth/session-lifetimes";
import { hashToken } from "@/lib/auth/session-token";
import { moveClock } from "@/tests/auth/people";
import { arrive, connect, decide, goToPlatform, outcome, seeStore, signInAs, slugs } from "./support/journey";
import { addStore, setScene } from "./support/scene";
import { storeStates } from "./support/store-states";
import { expect, type Someone, sessionCookie, test } from "./support/test";

type Texts = { platforms: Record<string, { connected?: string; consequences: string }> };
const texts = JSON.parse(readFileSync("lib/providers/messages/en.json", "utf8")) as Texts;

/** Three stores, of which one needs its owner; by what they are called here. */
async function threeStores({ merchantId, userId }: Someone): Promise<void> {
  const { healthy = {}, needs_reconnect = {}, on_demand = {} } = storeStates();
  for (const [name, row] of Object.entries({ healthy, needs_reconnect, on_demand }))
    await addStore(`three ${name}`, merchantId, userId, row);
}

test("M1: a first store in three clicks of ours, at work in the list without a reload", async ({ someone }) => {
  const { page } = await someone("merchant");
  let clicks = 0;
  const press = (role: "link" | "button", name: string) => {
    clicks += 1;
    return page.getByRole(role, { name }).click();
  };
  await page.goto("/connections");
  await expect(page.getByText("No stores connected yet")).toBeVisible();
  await press("link", "Square");
  await press("button", "Continue to Square");
  expect(clicks).toBeLessThanOrEqual(3);
  await arrive(page);
  await decide(page);
  await expect(outcome(page)).toHaveText("Riyadh shop is connected", { timeout: 20_000 });
  await page.getByRole("link", { name: "Go to my stores" }).click();
  await expect(page.getByRole("article").getByText("Working", { exact: true })).toBeVisible();
});

for (const locale of ["en", "ar"]) {
  test(`M2: what one agrees to, where and how it is undone stand on a phone's first screen (${locale})`, async ({
    someone,
    installation,
  }) => {
    const { page } = await someone("merchant", { context: { viewport: { width: 360, height: 640 } } });
    await page.context().addCookies([{ name: "latchkey-locale", value: locale, url: installation.url }]);
    for (const slug of ["square", "noon", "ultracart", "oauth2"]) {
      await page.goto(`/connect/${slug}`);
      const card = page.locator("section[aria-labelledby=allows]");
      await expect(card.locator("bdi[dir=ltr]")).toHaveText(/^127\.0\.0\.1/);
      const { bottom, items, height } = await card.evaluate((box) => ({
        bottom: box.getBoundingClientRect().bottom,
        items: box.querySelectorAll("li").length,
        height: innerHeight,
      }));
      expect(items, slug).toBe(3);
      expect.soft(bottom, `${slug}: the card ends below the screen`).toBeLessThanOrEqual(height);
    }
  });
}

test("M3: the result's address is clean, and next week it still tells what happened", async ({ someone, installation }) => {
  const mona = await someone("merchant");
  const { page } = mona;
  const { ledger } = installation.world.platforms.square;
  await connect(page, installation.world, "square");
  const result = page.url();
  expect(new URL(result).search).toBe("");
  await moveClock("8 days");
  await insertSession(database(), hashToken("a-week-later"), mona.userId, longestSessionS);
  await page.context().addCookies([{ name: sessionCookie, value: "a-week-later", url: installation.url, httpOnly: true, sameSite: "Lax" }]);
  await page.goto(result);
  await expect(outcome(page)).toHaveText("Riyadh shop is connected");
  expect(ledger.count("token.authorization_code") + ledger.count("token")).toBeGreaterThan(0);
});

test("M4: permission denied on reconnecting leaves the store as it was", async ({ someone, installation }) => {
  const { page } = await someone("merchant");
  await connect(page, installation.world, "square");
  const id = await seeStore(page);
  await page.goto(`/connect/square?connection=${id}`);
  await page.getByRole("button", { name: "Continue to Square" }).click();
  await arrive(page);
  await decide(page, "Deny");
  await expect(outcome(page)).toHaveText("You did not give permission");
  await expect(page.getByText("nothing was connected or changed")).toBeVisible();
  await page.getByRole("link", { name: "Try again" }).click();
  await expect(outcome(page)).toHaveText("Reconnect Riyadh shop");
  await page.goto(`/connections/${id}`);
  await expect(page.getByText("Working", { exact: true })).toBeVisible();
});

test("M6: a platform that broke off is named, with what it means, a way to begin anew and a reference", async ({ someone }) => {
  const mona = await someone("merchant", { context: { permissions: ["clipboard-read", "clipboard-write"] } });
  const { page } = mona;
  const { attempts } = await setScene(mona);
  await page.goto(`/connect/result/${attempts.unreachable}`);
  await expect(outcome(page)).toHaveText("Square did not answer");
  await expect(page.getByText("Nothing was saved.")).toBeVisible();
  await page.getByRole("button", { name: "Copy: Reference" }).click();
  await expect(page.getByRole("status").filter({ hasText: "Copied" })).toHaveCount(1);
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(attempts.unreachable);
  // A code that was sent is never sent again: the way leads to the beginning.
  await page.getByRole("link", { name: "Try again" }).click();
  await expect(outcome(page)).toHaveText("Connect Square");
});

test("M10: a project is named by its code, and its key is stored and shown to nobody", async ({ someone, installation }) => {
  const { page } = await someone("merchant");
  await connect(page, installation.world, "noon");
  await expect(page.getByText(texts.platforms.noon?.connected ?? "?")).toBeVisible();
  await expect(page.getByText(/^PRJ\d+/).first()).toBeVisible();
});

test("M13: who needs me comes first, in words, and on paper as well", async ({ someone }) => {
  const mona = await someone("merchant");
  const { page } = mona;
  await threeStores(mona);
  await page.goto("/connections");
  await expect(page.getByText("1 of 3 stores needs you.")).toBeVisible();
  const first = page.getByRole("article").first();
  await expect(first).toContainText(/Jeddah shop.*UltraCart.*Needs you.*Reconnect/s);
  await expect(page.getByRole("article").getByRole("link", { name: /^Reconnect / })).toHaveCount(1);
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  await expect(page.getByRole("banner")).toBeHidden();
  for (const card of await page.getByRole("article").all()) await expect(card.getByText(/^(Needs you|Working)$/)).toBeVisible();
  const paper = await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme);
  expect(paper, "ink on paper, whatever the theme").toBe("light");
});

test("M14: from the e-mail's link in two clicks of ours, signed out or not, to the same store with its history", async ({
  page,
  installation,
}) => {
  await signInAs(page, "Mona Haddad");
  await connect(page, installation.world, "square");
  const id = await seeStore(page);
  await page.context().clearCookies({ name: sessionCookie });
  let clicks = 0;
  const press = (name: string | RegExp) => {
    clicks += 1;
    return page.getByRole("button", { name }).click();
  };
  await page.goto(`/connect/square?connection=${id}`);
  await press("Continue with your company account");
  // Theirs, not ours; a company that knows its people already asks nothing.
  await page.getByRole("button", { name: "Mona Haddad" }).click();
  await expect(outcome(page)).toHaveText("Reconnect Riyadh shop");
  await press("Continue to Square");
  expect(clicks).toBe(2);
  await arrive(page);
  await decide(page);
  await expect(outcome(page)).toHaveText("Permission renewed for Riyadh shop", { timeout: 20_000 });
  expect(await seeStore(page)).toBe(id);
  await expect(page.getByText("Working", { exact: true })).toBeVisible();
  await expect(page.getByText("The store was connected.")).toBeVisible();
});

test("M17: what disconnecting ends is told in the platform's own terms", async ({ someone }) => {
  const mona = await someone("merchant");
  const { page } = mona;
  const told = new Set<string>();
  for (const slug of slugs) {
    const id = await addStore(`end ${slug}`, mona.merchantId, mona.userId, { ...storeStates().healthy, offer: slug, label: "Corner shop" });
    await page.goto(`/connections/${id}/disconnect`);
    const consequences = texts.platforms[slug]?.consequences ?? "?";
    await expect(page.getByText(consequences)).toBeVisible();
    await expect(page.getByRole("button", { name: "Disconnect Corner shop" })).toBeVisible();
    await expect(page.getByRole("textbox")).toHaveCount(0);
    told.add(consequences);
  }
  expect(told.size).toBe(slugs.length);
});

test("M23: a screen reader hears the outcome first, states as words, and what changes once", async ({ someone }) => {
  const mona = await someone("merchant");
  const { page } = mona;
  const { attempts } = await setScene(mona);
  await page.goto(`/connect/result/${attempts.denied}`);
  await expect(outcome(page)).toBeFocused();
  await page.goto("/connections");
  const row = page.getByRole("row").filter({ hasText: "Jeddah shop" });
  await expect(row).toMatchAriaSnapshot(`
    - row:
      - cell "Jeddah shop":
        - link "Jeddah shop"
      - cell "UltraCart"
      - cell "Needs you"
      - cell
      - cell
      - cell:
        - link "Reconnect Jeddah shop"
  `);
  await goToPlatform(page, "square");
  await decide(page);
  await expect(outcome(page)).toHaveText(/is connected$/, { timeout: 20_000 });
  await page.getByRole("link", { name: "See the store" }).click();
  await page.getByRole("button", { name: "Test now" }).click();
  const main = page.getByRole("main");
  await expect(main.getByRole("status").filter({ hasText: /\w/ })).toHaveText(["It works: Square answered just now."]);
  await expect(main.getByRole("alert")).toHaveCount(0);
});
