import { castOf } from "./support/cast";
import { type Look, show } from "./support/gallery";
import { screens } from "./support/screens";
import { test } from "./support/test";

// Not a test either: the pictures that README.md shows.
const pictures: { file: string; screen: string; look: Look }[] = [
  { file: "connections", screen: "stores-few", look: { locale: "en", theme: "light", width: 1280 } },
  { file: "support", screen: "support", look: { locale: "en", theme: "light", width: 1280 } },
  { file: "health", screen: "health", look: { locale: "en", theme: "dark", width: 1280 } },
  { file: "arabic", screen: "store-healthy", look: { locale: "ar", theme: "light", width: 1280 } },
];

test("the pictures of README.md", async ({ someone, page: nobody, installation }) => {
  test.setTimeout(300_000);
  const cast = castOf(someone, nobody);
  for (const { file, screen: name, look } of pictures) {
    const screen = screens.find((one) => one.name === name);
    if (!screen) throw new Error(`There is no screen ${name}`);
    const page = await show(cast, screen, look, installation.url);
    await page.setViewportSize({ width: look.width, height: 800 });
    await page.screenshot({ path: `public/readme/${file}.png`, animations: "disabled" });
  }
});
