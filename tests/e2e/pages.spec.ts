import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { castOf, viewers } from "./support/cast";
import { type Look, show } from "./support/gallery";
import { cramped, sideways, stretch } from "./support/layout";
import { screens } from "./support/screens";
import { expect, test } from "./support/test";

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** A small laptop at 400 % zoom, a phone and the laptop itself; for the language with the longer words also a tablet upright, and where the rail and wide tables begin. */
const widths = { en: [1280, 320, 360], ar: [1280, 1200, 900, 768, 320, 360] };

/** `npm test` shows each screen in one of the first two looks, the next screen in the other; EVERY_LOOK=1 shows each screen in all four. */
const looks: Look[] = [
  { locale: "en", theme: "light", width: 1280 },
  { locale: "ar", theme: "dark", width: 360 },
  { locale: "en", theme: "dark", width: 360 },
  { locale: "ar", theme: "light", width: 1280 },
];
const everyLook = process.env.EVERY_LOOK === "1";
const shown = everyLook ? looks : looks.slice(0, 2);
const isDue = (screen: number, look: number) => everyLook || (screen + look) % 2 === 0;

/** Staff work with a mouse at a desk as well; a merchant's thumb needs room. */
const THUMBS = new Set(["nobody", "founder", "merchant", "newcomer", "keeper", "guest"]);

// Without frames there is nothing that the legacy mode would miss, and it opens no second page for each look.
async function violations(page: Page): Promise<string[]> {
  const found = await new AxeBuilder({ page }).setLegacyMode(true).withTags(RULES).analyze();
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`);
}

for (const [turn, look] of shown.entries()) {
  for (const viewer of viewers) {
    test(`every page of ${viewer} is accessible (${look.locale}, ${look.theme}, ${look.width} px)`, async ({
      someone,
      page: nobody,
      installation,
    }) => {
      test.setTimeout(600_000);
      const cast = castOf(someone, nobody);
      for (const screen of screens.filter(({ as, alike }) => as === viewer && (everyLook || !alike)).filter((_, nth) => isDue(nth, turn))) {
        const page = await show(cast, screen, look, installation.url);
        expect.soft(await violations(page), screen.name).toEqual([]);
        const own = page.url().startsWith(installation.url) && (await page.locator("main#content").count()) > 0;
        if (own) expect.soft(await page.locator("button[name=locale]").count(), `${screen.name}: the other language`).toBe(1);
        for (const width of widths[look.locale]) {
          await page.setViewportSize({ width, height: 740 });
          expect.soft(await sideways(page), `${screen.name} scrolls sideways at ${width} px`).toBeLessThanOrEqual(0);
        }
        if (own && THUMBS.has(viewer)) expect.soft(await cramped(page), `${screen.name}: too small for a thumb`).toEqual([]);
        // As a language would have it whose words are longer by a third.
        await stretch(page);
        expect.soft(await sideways(page), `${screen.name} scrolls sideways at 360 px, its words longer`).toBeLessThanOrEqual(0);
        await page.setViewportSize({ width: 1280, height: 740 });
        expect.soft(await sideways(page), `${screen.name} scrolls sideways at 1280 px, its words longer`).toBeLessThanOrEqual(0);
      }
    });
  }
}
