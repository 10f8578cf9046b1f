import { shortCode } from "@/lib/connections/short-code";
import { connect, platformNames, type Slug, seeStore, slugs } from "./support/journey";
import { expect, test } from "./support/test";

/** The call that ends access at the platform; one has none. */
const revocations: Record<Slug, string | null> = {
  noon: "credential/remove",
  ultracart: "revoke",
  square: "revoke",
  oauth2: "revoke",
  norce: null,
};

test("support revokes a merchant's store with a reason, an admin sees it on health, another merchant gets 404", async ({
  someone,
  installation,
}) => {
  test.setTimeout(240_000);
  const mona = (await someone("merchant", { name: "Riyadh Trading" })).page;
  const yusuf = (await someone("merchant", { name: "Jeddah Books" })).page;
  const sara = (await someone("support")).page;
  const omar = (await someone("admin")).page;

  for (const [before, slug] of slugs.entries()) {
    const platform = platformNames[slug];
    const store = `${platform} corner shop`;
    await test.step(platform, async () => {
      await connect(mona, installation.world, slug, { label: store });
      const id = await seeStore(mona);
      await omar.goto("/health");
      await expect(omar.getByRole("link", { name: "1 Healthy" })).toBeVisible();

      await sara.goto("/support");
      await sara.getByLabel("Search").fill(`${platform} corner`);
      await sara.getByRole("button", { name: "Search" }).click();
      await expect(sara).toHaveURL(/q=\w+\+corner/);
      await sara.getByRole("link", { name: store }).click();
      await sara.getByRole("link", { name: "Revoke access…" }).click();
      const revoke = sara.getByRole("button", { name: `Revoke access to ${store}` });
      await revoke.click();
      await expect(sara.getByRole("alert", { name: "There is a problem" })).toContainText("Choose the reason why access is revoked.");
      await sara.getByLabel("Reason").selectOption("Suspected misuse");
      await sara.getByLabel("In your own words").fill("Ticket 4711");
      await sara.getByLabel("To confirm, type").fill(shortCode(id));
      await revoke.click();
      await expect(sara.getByRole("dialog")).toBeHidden();
      await expect(sara.getByText("Suspected misuse: Ticket 4711").first()).toBeVisible();
      const call = revocations[slug];
      await expect(sara.getByText(call ? new RegExp(`^${platform} confirmed`) : "At the platform it is removed by hand")).toBeVisible();
      // Where there are two tokens, each is told of.
      if (call) expect(installation.world.platforms[slug].ledger.count(call, 200)).toBeGreaterThan(0);

      await omar.reload();
      await expect(omar.getByRole("link", { name: "0 Healthy" })).toBeVisible();
      await omar.getByRole("link", { name: `${before + 1} Revoked` }).click();
      await expect(omar.getByRole("link", { name: store })).toBeVisible();

      // The owner is told that it ended, and never what staff wrote for staff.
      await mona.goto(`/connections/${id}`);
      await expect(mona.getByText("Revoked", { exact: true })).toBeVisible();
      await expect(mona.getByText("Ticket 4711")).toHaveCount(0);

      for (const path of [`/connections/${id}`, `/connections/${id}/disconnect`]) {
        expect((await yusuf.goto(path))?.status(), path).toBe(404);
        await expect(yusuf.getByRole("heading", { level: 1 })).toHaveText("Page not found");
      }
    });
  }
  expect((await yusuf.goto("/connections/con_00000000000000000000"))?.status()).toBe(404);
});

test("each role sees its own pages and no other ones", async ({ someone, page }) => {
  const merchant = (await someone("merchant")).page;
  const support = (await someone("support")).page;
  const admin = (await someone("admin")).page;
  const id = "con_00000000000000000000";
  for (const path of ["/support", "/health", "/alerts", "/audit", "/people", "/import", `/support/${id}`, `/support/${id}/revoke`]) {
    expect((await merchant.goto(path))?.status(), `merchant at ${path}`).toBe(403);
    await page.goto(path);
    await expect(page, `nobody at ${path}`).toHaveURL(/\/sign-in\?/);
  }
  for (const path of ["/health", "/alerts", "/audit", "/people", "/import"]) {
    expect((await support.goto(path))?.status(), `support at ${path}`).toBe(403);
    expect((await admin.goto(path))?.status(), `admin at ${path}`).toBe(200);
  }
  expect((await support.goto("/support"))?.status()).toBe(200);
  expect((await support.goto(`/support/${id}`))?.status()).toBe(404);
  expect((await support.goto("/connect"))?.status()).toBe(403);
  await support.goto("/");
  await expect(support).toHaveURL(/\/support$/);
  await page.goto("/connections");
  await expect(page).toHaveURL(/\/sign-in\?to=%2Fconnections/);
});
