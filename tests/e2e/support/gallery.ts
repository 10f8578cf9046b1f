import type { Page } from "@playwright/test";
import type { castOf } from "./cast";
import { during } from "./meanwhile";
import type { Screen } from "./screens";

export type Look = { locale: "en" | "ar"; theme: "light" | "dark"; width: number };

/** Shows a screen in that look and leaves it there. */
export async function show(cast: ReturnType<typeof castOf>, screen: Screen, { locale, theme, width }: Look, url: string): Promise<Page> {
  const [scene, page] = [await cast.sceneFor(screen.as), await cast.pageOf(screen.as)];
  await page.context().addCookies([
    { name: "latchkey-locale", value: locale, url },
    { name: "latchkey-theme", value: theme, url },
  ]);
  await page.setViewportSize({ width, height: width < 600 ? 740 : 900 });
  await page.emulateMedia({ colorScheme: theme });
  await page.unrouteAll();
  await during(screen.meanwhile, () => page.goto(screen.path(scene)));
  await page.getByRole("heading", { level: 1 }).waitFor();
  await screen.act?.(page);
  return page;
}
