import {
  arrive,
  connect,
  decide,
  fillNorce,
  idOf,
  norceUser,
  outcome,
  platformNames,
  seeStore,
  signInAs,
  slugs,
  submitNorce,
} from "./support/journey";
import { expect, test } from "./support/test";

for (const slug of slugs) {
  const name = platformNames[slug];

  test(`a merchant connects a store at ${name}, tests it, reconnects it and disconnects it`, async ({ page, installation }) => {
    const { world } = installation;
    await signInAs(page, "Mona Haddad");
    await connect(page, world, slug);
    expect(page.url()).not.toMatch(/code=|state=/);
    await page.getByRole("link", { name: "Go to my stores" }).click();
    const card = page.getByRole("article");
    await expect(card).toHaveCount(1);
    await expect(card.getByText("Working", { exact: true })).toBeVisible();
    await card.getByRole("link").first().click();
    await page.waitForURL(/\/connections\//);
    const id = idOf(page);

    await page.getByRole("button", { name: "Test now" }).click();
    await expect(page.getByText(`It works: ${name} answered just now.`)).toBeVisible();

    await page.getByRole("link", { name: "Reconnect", exact: true }).click();
    if (slug === "norce") {
      await fillNorce(page, norceUser(world));
      await submitNorce(page);
    } else {
      await page.getByRole("button", { name: `Continue to ${name}` }).click();
      await arrive(page);
      await decide(page);
    }
    await expect(outcome(page)).toHaveText(/^Permission renewed for/, { timeout: 20_000 });
    expect(await seeStore(page)).toBe(id);

    await page.getByRole("link", { name: "Disconnect…" }).click();
    await page
      .getByRole("dialog")
      .getByRole("button", { name: /^Disconnect/ })
      .click();
    await expect(page.getByText("Revoked", { exact: true })).toBeVisible();
    const told = slug === "norce" ? "Ended here, and what we held was erased." : `${name} confirmed that our access has ended.`;
    await expect(page.getByText(told)).toBeVisible();
    await page.goto("/connections");
    await expect(page.getByRole("article")).toHaveCount(1);
    await expect(page.getByText("No store is connected now.")).toBeVisible();
  });
}
