import type { Locator, Page } from "@playwright/test";
import { database } from "@/db/client";
import { addCalls } from "@/db/offer-minutes";
import { listen } from "@/tests/simulators/listen";
import { oauth2Simulator } from "@/tests/simulators/oauth2";
import { freePort } from "@/tests/support/free-port";
import type { Installation } from "./support/installation";
import { arrive, decide, outcome } from "./support/journey";
import { expect, test } from "./support/test";

/** A platform that follows the standards, that nobody has told the product of. */
async function dock({ url }: Installation) {
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const simulator = oauth2Simulator({ origin, now: () => new Date() }, { redirectUris: [`${url}/api/oauth/dock/callback`] });
  const { close } = await listen(simulator, port);
  return { simulator, origin, close };
}

/** Goes on with Tab until it is there, as somebody without a mouse does. */
async function reach(page: Page, what: Locator): Promise<void> {
  for (let presses = 0; presses < 90; presses += 1) {
    if (await what.evaluate((element) => element === document.activeElement).catch(() => false)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error("It was not reached by the keyboard");
}

const press = async (page: Page, what: Locator) => {
  await reach(page, what);
  await page.keyboard.press("Enter");
};
const type = async (page: Page, label: string, text: string) => {
  await reach(page, page.getByLabel(label, { exact: true }));
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type(text);
};
/** The router announces each page as an alert as well. */
const told = (page: Page, text: string) => page.getByRole("alert").filter({ hasText: text });
const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });

test("A10: by the keyboard alone an admin adds a platform, finds and checks its addresses, tries it, publishes it, and a merchant connects there (M12)", async ({
  installation,
  someone,
}) => {
  test.setTimeout(120_000);
  const { simulator, origin, close } = await dock(installation);
  const { page } = await someone("admin");
  await page.goto("/providers");
  await press(page, page.getByRole("link", { name: "Add a platform" }));
  await expect(page).toHaveURL(/\/providers\/new$/);

  await type(page, "Name", "Dock Market");
  await page.keyboard.press("Enter");
  await expect(told(page, "Use 3 to 32 small letters")).toBeVisible();
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue("Dock Market");
  await type(page, "Short name for addresses", "dock");
  await type(page, "Issuer", origin);
  await press(page, button(page, "Find addresses"));
  await expect(page.getByLabel("Token address", { exact: true })).toHaveValue(`${origin}/token`);
  await press(page, button(page, "Check addresses"));
  await expect(page.getByText("Token address: Answers as it should")).toBeVisible();
  await expect(page.getByRole("status").getByRole("listitem")).toHaveCount(5);
  await type(page, "Client ID", simulator.client.id);
  await type(page, "Client secret", simulator.client.secret);
  await type(page, "Scopes", "openid orders.read");
  await type(page, "What they allow, in English", "See who you are");
  await type(page, "Help in English", "Ask your dock master first.");
  await press(page, button(page, "Save draft"));
  await expect(page).toHaveURL(/\/providers\/dock\?done=created$/);
  expect(await page.content()).not.toContain(simulator.client.secret);

  const merchant = (await someone("merchant")).page;
  await merchant.goto("/connect");
  await expect(merchant.getByRole("link", { name: "Dock Market" })).toHaveCount(0);

  await press(page, button(page, "Try it with your own account"));
  await arrive(page);
  await press(page, button(page, "Approve"));
  await expect(outcome(page)).toHaveText("It works", { timeout: 20_000 });
  await expect(page.getByRole("listitem").filter({ hasText: "Done" })).toHaveCount(5);
  expect(simulator.living()).toEqual([]);
  await page.getByRole("link", { name: "Back to the platform" }).last().focus();
  await page.keyboard.press("Enter");
  await press(page, button(page, "Publish"));
  await expect(page.getByText("Merchants can connect stores there now.")).toBeVisible();

  await merchant.goto("/connect");
  await merchant.getByRole("link", { name: "Dock Market" }).click();
  await expect(merchant.getByText("See who you are")).toBeVisible();
  await expect(merchant.getByText("Ask your dock master first.")).toBeVisible();
  await merchant.getByRole("button", { name: "Continue to Dock Market" }).click();
  await arrive(merchant);
  await decide(merchant);
  await expect(outcome(merchant)).toHaveText(/is connected$/, { timeout: 20_000 });
  await page.goto("/providers/dock/delete");
  await expect(page.getByText("1 connection still holds access there.")).toBeVisible();
  await close();
});

test("A11: an admin adds a second client secret, switches to it, goes back, and retires it by its platform's name", async ({
  installation,
  someone,
}) => {
  const { simulator, origin, close } = await dock(installation);
  const { page } = await someone("admin");
  await page.goto("/providers/new");
  for (const [label, text] of [
    ["Name", "Dock Market"],
    ["Short name for addresses", "dock"],
    ["Issuer", origin],
    ["Client ID", simulator.client.id],
    ["Client secret", simulator.client.secret],
  ] as const)
    await page.getByLabel(label, { exact: true }).fill(text);
  await button(page, "Save draft").click();
  const secrets = page.getByRole("region", { name: "Client secret" });
  await expect(secrets.getByRole("listitem")).toHaveCount(1);
  await expect(secrets).toContainText("Not used yet");
  await secrets.getByLabel("New client secret").fill("CNRY-new-at-the-dock");
  await button(page, "Add secret").click();
  await expect(page.getByText("The new secret is kept.")).toBeVisible();
  expect(await page.content()).not.toContain("CNRY-new-at-the-dock");
  for (const [word, at] of [
    ["Kept beside it", 0],
    ["Current", 0],
  ] as const) {
    await button(page, "Use this one").click();
    await expect(page.getByText("The other secret is used from now on.")).toBeVisible();
    await expect(secrets.getByRole("listitem").nth(at)).toContainText(word);
  }
  await secrets.getByRole("link", { name: "Retire…" }).click();
  await page.getByLabel("Type Dock Market to confirm").fill("Dock");
  await button(page, "Retire the old secret").click();
  await expect(told(page, "The name does not match.")).toBeVisible();
  await page.getByLabel("Type Dock Market to confirm").fill("Dock Market");
  await button(page, "Retire the old secret").click();
  await expect(page.getByText("The old secret is erased.")).toBeVisible();
  await expect(secrets.getByRole("listitem")).toHaveCount(1);
  await close();
});

test("A9: a platform is paused with a reason; merchants read it, and it goes on", async ({ someone }) => {
  const { page } = await someone("admin");
  await page.goto("/providers/square");
  await button(page, "Pause renewals for Square").click();
  await expect(told(page, "Say why")).toBeVisible();
  await page.getByLabel("Reason").fill("Their own outage");
  await button(page, "Pause renewals for Square").click();
  await expect(page.getByText(/^Renewals are paused until/)).toBeVisible();
  const merchant = (await someone("merchant")).page;
  await merchant.goto("/connect");
  await expect(merchant.getByRole("link", { name: "Square" })).toHaveCount(0);
  await expect(merchant.getByText(/^Paused: Their own outage\./)).toBeVisible();
  await merchant.goto("/connect/square");
  await expect(merchant.getByText("New connections to Square are paused")).toBeVisible();
  await button(page, "Resume now").click();
  await expect(page.getByText("Renewals go on.")).toBeVisible();
  await merchant.goto("/connect");
  await expect(merchant.getByRole("link", { name: "Square" })).toBeVisible();
});

test("M7: a merchant is warned before starting where a platform has problems, and may go on", async ({ someone }) => {
  await addCalls(database(), [{ offer: "square", calls: 10, failed: 2 }]);
  const { page } = await someone("merchant");
  await page.goto("/connect");
  await page.getByRole("link", { name: "Square" }).filter({ hasText: "Having problems now" }).click();
  await expect(page.getByText("Square is having problems now")).toBeVisible();
  await page.getByRole("button", { name: "Continue to Square" }).click();
  await arrive(page);
});
