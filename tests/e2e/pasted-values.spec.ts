import { fillNorce, norceUser, outcome, submitNorce } from "./support/journey";
import { expect, test } from "./support/test";

test("a wrong secret is told at the top and beside its field, by keyboard alone; what was typed stays", async ({
  someone,
  installation,
}) => {
  const { page } = await someone("merchant");
  await page.goto("/connect/norce");
  await fillNorce(page, norceUser(installation.world), { secret: "wrong-secret" });
  await page.getByLabel("Application ID").press("Enter");
  const summary = page.getByRole("alert", { name: "There is a problem" });
  await expect(summary).toBeFocused();
  await expect(page).toHaveTitle(/^Error: /);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(page.getByLabel("Client secret")).toBeFocused();
  await expect(page.getByLabel("Client secret")).toHaveValue("");
  await expect(page.getByLabel("Client secret")).toHaveAttribute("aria-invalid", "true");
  await expect(page.getByLabel("Client name or host")).toHaveValue("acme");
  await expect(page.getByLabel("Application ID")).toHaveValue("1042");
  await expect(page.getByRole("radio", { name: /Stage/ })).toBeChecked();
  expect(await page.content()).not.toContain("wrong-secret");
  await page.getByLabel("Client secret").fill(norceUser(installation.world).clientSecret);
  await submitNorce(page);
  await expect(outcome(page)).toHaveText(/is connected$/, { timeout: 20_000 });
});

test("the wrong environment and an application that is not the user's are told by their fields", async ({ someone, installation }) => {
  const { page } = await someone("merchant");
  await page.goto("/connect/norce");
  await fillNorce(page, norceUser(installation.world), { environment: "Production" });
  await submitNorce(page);
  await expect(page.getByRole("alert", { name: "There is a problem" })).toContainText("do not work in the chosen environment");
  await fillNorce(page, norceUser(installation.world), { application: "9999" });
  await submitNorce(page);
  await expect(page.getByRole("alert", { name: "There is a problem" })).toContainText("This user may not use this application.");
  await page.goto("/connections");
  await expect(page.getByText("No stores connected yet")).toBeVisible();
});
