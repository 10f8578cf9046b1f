import { expect, test } from "./support/test";

test("the palette by keyboard alone: to a page, to a connection, to the other language, and back to where one was", async ({ someone }) => {
  const { page } = await someone("admin");
  await page.goto("/people");
  const box = page.getByRole("combobox", { name: "A page, an act or a connection" });
  const opener = page.getByRole("button", { name: "Go to…" });
  const open = async () => {
    // The shortcut is there as soon as the page can hear it.
    await expect(opener).toBeVisible();
    await expect(async () => {
      await page.keyboard.press("Control+k");
      await expect(box).toBeFocused({ timeout: 1_000 });
    }).toPass();
  };

  await open();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog", { name: "Go to or do" })).toHaveCount(0);

  await open();
  await page.keyboard.type("aud");
  await expect(page.getByRole("dialog").getByRole("option", { selected: true })).toHaveText("Audit");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/audit$/);

  await open();
  await page.keyboard.type("riyadh shop");
  await expect(page.getByRole("dialog").getByRole("option")).toHaveText(["Find connections for “riyadh shop”"]);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/support\?q=riyadh\+shop/);

  await opener.click();
  await expect(box).toBeFocused();
  await page.keyboard.type("dark");
  await page.keyboard.press("Enter");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");

  await open();
  await page.keyboard.type("العر");
  await page.keyboard.press("Enter");
  await expect(page.locator("html")).toHaveAttribute("dir", "rtl");
  await expect(page.getByRole("button", { name: "الانتقال إلى…" })).toBeVisible();
});
