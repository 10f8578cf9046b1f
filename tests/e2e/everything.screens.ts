import { type Look, openGallery, show } from "./support/gallery";
import { screens } from "./support/screens";
import { test } from "./support/test";

// Not a test: pictures for a person to look at (npm run screenshots).
const looks: Look[] = (["en", "ar"] as const).flatMap((locale) =>
  (["light", "dark"] as const).flatMap((theme) => [1280, 360].map((width) => ({ locale, theme, width }))),
);

for (const look of looks) {
  test(`${look.locale} ${look.theme} ${look.width}`, async ({ someone, page: nobody, installation }) => {
    test.setTimeout(600_000);
    const gallery = await openGallery(someone, nobody);
    for (const screen of screens) {
      const page = await show(gallery, screen, look, installation.url);
      await page.screenshot({
        path: `tests/screenshots/${screen.name}-${look.locale}-${look.theme}-${look.width}.png`,
        fullPage: true,
        animations: "disabled",
      });
    }
  });
}
