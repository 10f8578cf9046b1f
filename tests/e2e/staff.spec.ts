import { connect, seeStore } from "./support/journey";
import { expect, test } from "./support/test";

test("support revokes a merchant's store with a reason, an admin sees it on health, another merchant gets 404", async ({
  someone,
  installation,
}) => {
  const mona = await someone("merchant", { name: "Riyadh Trading" });
  const yusuf = await someone("merchant", { name: "Jeddah Books" });
  const sara = await someone("support");
  const omar = await someone("admin");
  await connect(mona.page, installation.world, "square");
  const id = await seeStore(mona.page);

  await omar.page.goto("/health");
  await expect(omar.page.getByRole("cell", { name: "Riyadh shop" })).toBeVisible();
  await expect(omar.page.getByRole("link", { name: "1 Healthy" })).toBeVisible();

  await sara.page.goto("/support");
  await sara.page.getByLabel("Search").fill("riyadh");
  await sara.page.getByRole("button", { name: "Search" }).click();
  await expect(sara.page).toHaveURL(/q=riyadh/);
  await sara.page.getByRole("link", { name: "Riyadh shop" }).click();
  await sara.page.getByRole("link", { name: "Revoke access…" }).click();
  await sara.page.getByRole("button", { name: "Revoke access to Riyadh shop" }).click();
  await expect(sara.page.getByRole("alert", { name: "There is a problem" })).toContainText("Choose the reason why access is revoked.");
  await sara.page.getByLabel("Reason").selectOption("Suspected misuse");
  await sara.page.getByLabel("Details").fill("Ticket 4711");
  await sara.page.getByRole("button", { name: "Revoke access to Riyadh shop" }).click();
  await sara.page.waitForURL(`**/support/${id}`);
  await expect(sara.page.getByText("Suspected misuse: Ticket 4711").first()).toBeVisible();
  await expect(sara.page.getByText(/^Square confirmed/)).toBeVisible();
  expect(installation.world.platforms.square.ledger.count("revoke", 200)).toBe(1);

  await omar.page.reload();
  await expect(omar.page.getByRole("link", { name: "1 Revoked" })).toBeVisible();
  await expect(omar.page.getByRole("link", { name: "0 Healthy" })).toBeVisible();
  await omar.page.getByRole("link", { name: "1 Revoked" }).click();
  await expect(omar.page.getByRole("link", { name: "Riyadh shop" })).toBeVisible();

  // The owner is told that it ended, and never what staff wrote for staff.
  await mona.page.goto(`/connections/${id}`);
  await expect(mona.page.getByText("Revoked", { exact: true })).toBeVisible();
  await expect(mona.page.getByText("Ticket 4711")).toHaveCount(0);

  for (const path of [`/connections/${id}`, `/connections/${id}/disconnect`]) {
    expect((await yusuf.page.goto(path))?.status(), path).toBe(404);
    await expect(yusuf.page.getByRole("heading", { level: 1 })).toHaveText("Page not found");
  }
  expect((await yusuf.page.goto("/connections/con_00000000000000000000"))?.status()).toBe(404);
});

test("each role sees its own pages and no other ones", async ({ someone, page }) => {
  const merchant = (await someone("merchant")).page;
  const support = (await someone("support")).page;
  const admin = (await someone("admin")).page;
  const id = "con_00000000000000000000";
  for (const path of ["/support", "/health", "/people", "/import", `/support/${id}`, `/support/${id}/revoke`]) {
    expect((await merchant.goto(path))?.status(), `merchant at ${path}`).toBe(403);
    await page.goto(path);
    await expect(page, `nobody at ${path}`).toHaveURL(/\/sign-in\?/);
  }
  for (const path of ["/health", "/people", "/import"]) {
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
