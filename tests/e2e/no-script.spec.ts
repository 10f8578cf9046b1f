import {
  decide,
  fillNorce,
  giveConsent,
  goToPlatform,
  norceUser,
  outcome,
  platformNames,
  seeStore,
  signInAs,
  slugs,
  submitNorce,
} from "./support/journey";
import { during } from "./support/meanwhile";
import { expect, type Someone, test } from "./support/test";

test.use({ javaScriptEnabled: false });

/** What the page does by itself where there is a script. */
async function finish(page: Someone["page"]): Promise<void> {
  const button = page.getByRole("button", { name: "Finish connecting" });
  if (await button.isVisible()) await button.click();
}

for (const slug of slugs) {
  const name = platformNames[slug];

  test(`signing in, connecting at ${name}, reading the list and disconnecting need no script`, async ({ page, installation }) => {
    await signInAs(page, "Mona Haddad");
    await giveConsent(page, installation.world, slug, { label: "Corner shop" });
    await page.waitForURL(/\/connect\/result\//);
    await finish(page);
    await expect(outcome(page)).toHaveText("Corner shop is connected");
    await page.getByRole("link", { name: "Go to my stores" }).click();
    await expect(page.getByRole("article").getByText("Working", { exact: true })).toBeVisible();
    await page.getByRole("link", { name: "Corner shop" }).click();
    await page.getByRole("button", { name: "Test now" }).click();
    await expect(page.getByText(`It works: ${name} answered just now.`)).toBeVisible();
    await page.getByRole("link", { name: "Disconnect…" }).click();
    await expect(outcome(page)).toHaveText("Disconnect Corner shop?");
    await page.getByRole("button", { name: "Disconnect Corner shop" }).click();
    await expect(page.getByText("Revoked", { exact: true })).toBeVisible();
  });
}

test("without a script nothing is exchanged before its button is pressed, and reconnecting works as well", async ({
  someone,
  installation,
}) => {
  const { page } = await someone("merchant", { context: { javaScriptEnabled: false } });
  const { ledger } = installation.world.platforms.square;
  await giveConsent(page, installation.world, "square");
  await expect(outcome(page)).toHaveText("Finishing your connection");
  expect(ledger.count("token")).toBe(0);
  await finish(page);
  await expect(outcome(page)).toHaveText("Riyadh shop is connected");
  expect(ledger.count("token")).toBe(1);
  await seeStore(page);
  await page.getByRole("link", { name: "Reconnect", exact: true }).click();
  await page.getByRole("button", { name: "Continue to Square" }).click();
  await decide(page);
  await finish(page);
  await expect(outcome(page)).toHaveText("Permission renewed for Riyadh shop");
});

test("pasted values: what is wrong is told by the field and everything but the secret stays; what is right connects", async ({
  someone,
  installation,
}) => {
  const { page } = await someone("merchant", { context: { javaScriptEnabled: false } });
  await page.goto("/connect/norce");
  await fillNorce(page, norceUser(installation.world), { secret: "wrong-secret" });
  await submitNorce(page);
  await expect(page.getByRole("alert", { name: "There is a problem" })).toBeVisible();
  await expect(page.getByText(/^Norce did not accept this client ID and secret/).first()).toBeVisible();
  await expect(page.getByLabel("Client secret")).toHaveValue("");
  await expect(page.getByLabel("Application ID")).toHaveValue("1042");
  await expect(page.getByRole("radio", { name: /Stage/ })).toBeChecked();
  await fillNorce(page, norceUser(installation.world));
  await submitNorce(page);
  await page.waitForURL(/\/connect\/result\//);
  await finish(page);
  await expect(outcome(page)).toHaveText(/is connected$/);
});

test("no permission given", async ({ someone }) => {
  const { page } = await someone("merchant", { context: { javaScriptEnabled: false } });
  await goToPlatform(page, "oauth2");
  await decide(page, "Deny");
  await expect(outcome(page)).toHaveText("You did not give permission");
});

test("the other language, one click away, survives the way to the platform and back", async ({ someone }) => {
  const { page } = await someone("merchant", { context: { javaScriptEnabled: false } });
  await page.goto("/connect/square");
  await page.getByRole("button", { name: "العربية" }).click();
  await expect(page).toHaveURL(/\/connect\/square$/);
  await expect(page.locator("html")).toHaveAttribute("dir", "rtl");
  await page.locator("form[action$='/start'] button[type=submit]").click();
  await page.waitForURL(/^http:\/\/127\.0\.0\.1:/);
  await decide(page, "Deny");
  await expect(page.locator("html")).toHaveAttribute("lang", "ar");
  await expect(page.locator("html")).toHaveAttribute("dir", "rtl");
  await page.getByRole("button", { name: "English" }).click();
  await expect(outcome(page)).toHaveText("You did not give permission");
});

test("a page that breaks says so", async ({ someone }) => {
  const { page } = await someone("merchant", { context: { javaScriptEnabled: false }, unwatched: true });
  const answer = await during("broken", () => page.goto("/connections"));
  expect(answer?.status()).toBe(500);
  await expect(outcome(page)).toHaveText("There is a problem on our side");
  await page.getByRole("link", { name: "Try again" }).click();
  await expect(outcome(page)).toHaveText("My stores");
});

test("a merchant finds a store by its name", async ({ someone, installation }) => {
  const { page } = await someone("merchant", { context: { javaScriptEnabled: false } });
  await giveConsent(page, installation.world, "square");
  await finish(page);
  await page.goto("/connections?q=riyadh");
  await expect(page.getByRole("link", { name: "Riyadh shop" })).toBeVisible();
  await page.goto("/connections?q=nothing-like-it");
  await expect(page.getByText("No store matches “nothing-like-it”.")).toBeVisible();
});
