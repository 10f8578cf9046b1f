import { castOf } from "./support/cast";
import { type Look, show } from "./support/gallery";
import { mails } from "./support/mails";
import { screens } from "./support/screens";
import { test } from "./support/test";

// Not a test: pictures for a person to look at (npm run screenshots).
const looks: Look[] = (["en", "ar"] as const).flatMap((locale) =>
  (["light", "dark"] as const).flatMap((theme) => [1280, 360].map((width) => ({ locale, theme, width }))),
);

for (const look of looks) {
  const { locale, theme, width } = look;
  const picture = (name: string) => ({
    path: `tests/screenshots/${name}-${locale}-${theme}-${width}.png`,
    fullPage: true,
    animations: "disabled" as const,
  });

  test(`${locale} ${theme} ${width}`, async ({ someone, browser, page: nobody, installation }) => {
    test.setTimeout(900_000);
    const cast = castOf(someone, nobody);
    for (const screen of screens) {
      const page = await show(cast, screen, look, installation.url);
      await page.screenshot(picture(screen.name));
    }
    const reader = await browser.newPage({ viewport: { width, height: 740 }, colorScheme: theme });
    for (const [name, html] of Object.entries(mails(locale))) {
      await reader.setContent(html);
      await reader.screenshot(picture(name));
    }
    await reader.close();
  });
}
