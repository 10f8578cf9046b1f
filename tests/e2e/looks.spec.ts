import { castOf } from "./support/cast";
import { show } from "./support/gallery";
import { addStore } from "./support/scene";
import { screens } from "./support/screens";
import { expect, test } from "./support/test";

const look = { locale: "en", theme: "light", width: 1280 } as const;
const screen = (name: string) => {
  const found = screens.find((one) => one.name === name);
  if (!found) throw new Error(`There is no screen ${name}`);
  return found;
};

test("with forced colours a state keeps its border and its words, and where the focus is stays seen", async ({ someone, page: nobody }) => {
  const cast = castOf(someone, nobody);
  const page = await cast.pageOf("keeper");
  await page.emulateMedia({ forcedColors: "active" });
  await page.goto("/connections");
  const pills = page.getByText(/^(Needs you|Working)$/);
  await expect(pills).toHaveCount(3);
  for (const pill of await pills.all()) {
    await expect(pill).toBeVisible();
    expect(await pill.evaluate((element) => getComputedStyle(element).borderTopWidth)).not.toBe("0px");
  }
  await page.keyboard.press("Tab");
  expect(await page.evaluate(() => getComputedStyle(document.activeElement ?? document.body).outlineStyle)).not.toBe("none");
});

test("with reduced motion nothing moves, on a page that waits either", async ({ someone, page: nobody, installation }) => {
  const cast = castOf(someone, nobody);
  for (const name of ["result-finishing", "stores-loading", "store-healthy"]) {
    const { as } = screen(name);
    await (await cast.pageOf(as)).emulateMedia({ reducedMotion: "reduce" });
    const page = await show(cast, screen(name), look, installation.url);
    const moving = await page.evaluate(() =>
      document
        .getAnimations()
        .filter(({ playState }) => playState === "running")
        .map(({ effect }) => (effect instanceof KeyframeEffect ? effect.target?.className : "")),
    );
    expect(moving, name).toEqual([]);
    const slow = await page.evaluate(() =>
      [...document.querySelectorAll("*")]
        .filter((one) => Number.parseFloat(getComputedStyle(one).transitionDuration) > 0.01)
        .map((one) => one.className),
    );
    expect(slow, name).toEqual([]);
  }
});

test("the first frame of a dark page is dark, before any style or script has come", async ({ browser, installation }) => {
  // A reader whose device is light and who chose dark here.
  const context = await browser.newContext({ colorScheme: "light", viewport: { width: 400, height: 300 } });
  await context.addCookies([{ name: "latchkey-theme", value: "dark", url: installation.url }]);
  const page = await context.newPage();
  await page.route(/\.(css|js|woff2)/, (route) => route.abort());
  await page.goto(`${installation.url}/sign-in`);
  const canvas = await page.evaluate(() => {
    const probe = document.createElement("div");
    probe.style.color = "Canvas";
    document.body.append(probe);
    return getComputedStyle(probe).color;
  });
  expect(Math.max(...(canvas.match(/\d+/g) ?? []).slice(0, 3).map(Number)), canvas).toBeLessThan(64);
  await context.close();
});

test("times are the reader's own, wherever the server stands, and the page says the same before and after its script", async ({
  someone,
}) => {
  const seen: string[] = [];
  // The process has the zone of its machine; one reader is three hours ahead of UTC, one is seven behind it.
  for (const timezoneId of ["Asia/Riyadh", "America/Phoenix"]) {
    const { page, merchantId, userId } = await someone("merchant", { context: { timezoneId } });
    const expiresAt = new Date(Math.floor(Date.now() / 86_400_000 + 20) * 86_400_000 + 12 * 3_600_000);
    const id = await addStore(`zone ${timezoneId}`, merchantId, userId, { offer: "square", label: "Riyadh shop", expiresAt });
    // The first page leaves the zone, the next one is written in it.
    await page.goto("/connections");
    await page.goto(`/connections/${id}`);
    const time = page.locator(`time[datetime="${expiresAt.toISOString()}"]`).first();
    seen.push((await time.textContent()) ?? "");
    await page.waitForLoadState("networkidle");
    expect(await time.textContent()).toBe(seen.at(-1));
  }
  expect(seen[0]).toContain("15:00");
  expect(seen[1]).toContain("05:00");
});
