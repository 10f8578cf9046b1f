import { expect, test } from "./support/test";

test("A15: invite, change a role, end one session, remove; the last admin stays, and a table shows what each role can do", async ({
  someone,
}) => {
  const { page, email, userId } = await someone("admin");
  const other = await someone("support");
  await page.goto("/people");
  await page.locator("summary", { hasText: "What each role can do" }).click();
  const matrix = page.getByRole("table", { name: "What each role can do" });
  await expect(matrix.getByRole("row").filter({ hasText: "Read the audit" }).getByRole("cell")).toHaveText([
    "Read the audit",
    "No",
    "No",
    "Yes",
  ]);
  await expect(
    matrix
      .getByRole("row")
      .filter({ hasText: /^Connect a store/ })
      .getByRole("cell"),
  ).toHaveText(["Connect a store", "Their own", "No", "No"]);

  await page.getByRole("searchbox", { name: "Name or e-mail" }).fill("support-");
  await page.getByRole("button", { name: "Find", exact: true }).click();
  await page.getByRole("link", { name: other.email }).click();
  await page.getByRole("button", { name: "Sign out: session 1" }).click();
  await expect(page.getByText("That session has ended.")).toBeVisible();
  await other.page.goto("/support");
  await expect(other.page).toHaveURL(/sign-in/);

  await page.locator("#person-role").selectOption("Admin");
  await page.getByRole("button", { name: "Save role" }).click();
  await expect(page.getByText("The role was changed.")).toBeVisible();
  await page.getByRole("button", { name: `Remove the access of ${other.email}` }).click();
  await expect(page.getByText("Removed.")).toBeVisible();
  await expect(page.getByText("No role")).toBeVisible();

  for (const act of [`Remove the access of ${email}`, "Disable", "Save role"]) {
    // Each on a page that says nothing yet: what the act before it was told would be taken for its own answer.
    await page.goto(`/people/${userId}`);
    if (act === "Save role") await page.locator("#person-role").selectOption("Support");
    await page.getByRole("button", { name: act, exact: true }).click();
    await expect(page.getByRole("alert").filter({ hasText: "This is the last admin who can act." })).toBeVisible();
  }
  await page.goto("/audit");
  await expect(page.getByRole("row").filter({ hasText: "access was removed" })).toContainText(other.email);
});
