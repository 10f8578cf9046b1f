import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { castOf, viewers } from "./support/cast";
import { type Look, show } from "./support/gallery";
import { screens } from "./support/screens";
import { expect, test } from "./support/test";

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** A phone and a small laptop; for the language with the longer words also a tablet upright, and where the rail and wide tables begin. */
const widths = { en: [360, 1280], ar: [360, 768, 900, 1200, 1280] };

const looks: Look[] = [
  { locale: "en", theme: "light", width: 1280 },
  { locale: "ar", theme: "dark", width: 360 },
];

/** Each screen is seen in one of the looks, the next one in the other; EVERY_LOOK=1 shows each of them in both. */
const everyLook = process.env.EVERY_LOOK === "1";
const isDue = (screen: number, look: number) => everyLook || (screen + look) % looks.length === 0;

// Without frames there is nothing that the legacy mode would miss, and it opens no second page for each look.
async function violations(page: Page): Promise<string[]> {
  const found = await new AxeBuilder({ page }).setLegacyMode(true).withTags(RULES).analyze();
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`);
}

const sideways = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

for (const [turn, look] of looks.entries()) {
  for (const viewer of viewers) {
    test(`every page of ${viewer} is accessible (${look.locale}, ${look.theme}, ${look.width} px)`, async ({
      someone,
      page: nobody,
      installation,
    }) => {
      test.setTimeout(300_000);
      const cast = castOf(someone, nobody);
      for (const screen of screens.filter(({ as, alike }) => as === viewer && !alike).filter((_, nth) => isDue(nth, turn))) {
        const page = await show(cast, screen, look, installation.url);
        expect.soft(await violations(page), screen.name).toEqual([]);
        for (const width of widths[look.locale]) {
          await page.setViewportSize({ width, height: 740 });
          expect.soft(await sideways(page), `${screen.name} scrolls sideways at ${width} px`).toBeLessThanOrEqual(0);
        }
      }
    });
  }
}
