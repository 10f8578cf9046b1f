import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { type Look, openGallery, show } from "./support/gallery";
import { screens } from "./support/screens";
import { expect, test } from "./support/test";

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

const looks: Look[] = [
  { locale: "en", theme: "light", width: 1280 },
  { locale: "ar", theme: "dark", width: 360 },
];

// Without frames there is nothing that the legacy mode would miss, and it opens no second page for each look.
async function violations(page: Page): Promise<string[]> {
  const found = await new AxeBuilder({ page }).setLegacyMode(true).withTags(RULES).analyze();
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`);
}

const sideways = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

for (const look of looks) {
  for (const viewer of ["nobody", "merchant", "newcomer", "support", "admin"] as const) {
    test(`every page of ${viewer} is accessible (${look.locale}, ${look.theme}, ${look.width} px)`, async ({
      someone,
      page: nobody,
      installation,
    }) => {
      test.setTimeout(180_000);
      const gallery = await openGallery(someone, nobody);
      for (const screen of screens.filter(({ as }) => as === viewer)) {
        const page = await show(gallery, screen, look, installation.url);
        expect.soft(await violations(page), screen.name).toEqual([]);
        if (look.width === 360) expect.soft(await sideways(page), `${screen.name} scrolls sideways`).toBeLessThanOrEqual(0);
        else {
          await page.setViewportSize({ width: 360, height: 740 });
          expect.soft(await sideways(page), `${screen.name} scrolls sideways`).toBeLessThanOrEqual(0);
        }
      }
    });
  }
}
