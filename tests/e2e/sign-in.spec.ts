import { signInAs } from "./support/journey";
import { expect, test } from "./support/test";

test("a mailed link signs in once, by its button alone", async ({ page, installation }) => {
  await page.goto("/sign-in?to=/connect/square");
  await page.getByLabel("E-mail address").fill("mona@riyadh-shop.example");
  await page.getByRole("button", { name: "Send me a link" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Check your e-mail");
  // Without a mail server the demo prints what would have been sent.
  const printed = () => installation.lines.findLast((line) => line.includes("Sign-in link for mona@riyadh-shop.example"));
  await expect.poll(printed).toBeTruthy();
  const link = /http\S+/.exec(printed() ?? "")?.[0] ?? "";
  // A scanner that only looks spends nothing.
  for (let looks = 0; looks < 2; looks += 1) expect((await fetch(link)).status).toBe(200);
  await page.goto(link);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page).toHaveURL(/\/connect\/square$/);
  await page.context().clearCookies();
  await page.goto(link);
  await expect(page.getByText("This link no longer works")).toBeVisible();
});

test("who is not invited is told so, and an unknown address is answered like a known one", async ({ page, installation }) => {
  await page.goto("/sign-in");
  await page.getByLabel("E-mail address").fill("stranger@nowhere.example");
  await page.getByRole("button", { name: "Send me a link" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Check your e-mail");
  await page.goto("/sign-in");
  await page.getByRole("button", { name: "Continue with your company account" }).click();
  await page.getByRole("button", { name: "Nobody, go back" }).click();
  await expect(page.getByText("Your company account did not sign you in")).toBeVisible();
  expect(installation.lines.some((line) => line.includes("stranger@nowhere.example"))).toBe(false);
});

test("an admin sees who is invited and who has come in; signing out ends it", async ({ page, browser }) => {
  await signInAs(page, "Omar Nasser");
  await expect(page).toHaveURL(/\/health$/);
  await page.getByRole("link", { name: "People" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("People");
  await expect(page.getByText("sara@latchkey.example").first()).toBeVisible();
  const sara = await (await browser.newContext()).newPage();
  await signInAs(sara, "Sara Lind");
  await expect(sara).toHaveURL(/\/support$/);
  await sara.getByRole("button", { name: "Account of Sara Lind" }).click();
  await sara.getByRole("button", { name: "Sign out" }).click();
  await expect(sara.getByText("You are signed out")).toBeVisible();
  await sara.goto("/support");
  await expect(sara).toHaveURL(/\/sign-in\?to=%2Fsupport/);
  await page.reload();
  await expect(page.getByRole("cell", { name: "Sara Lind" })).toBeVisible();
});
