import type { BrowserContextOptions, Page } from "@playwright/test";
import type { Scene } from "./scene";
import { setScene } from "./scene";
import type { Screen, Viewer } from "./screens";
import type { Someone } from "./test";

export type Look = { locale: "en" | "ar"; theme: "light" | "dark"; width: number };

export type Gallery = { scene: Scene; pages: Record<Viewer, Page> };

type Enter = (role: "merchant" | "support" | "admin", options?: { name?: string; context?: BrowserContextOptions }) => Promise<Someone>;

/** One browser for each who looks: a merchant with a store in every state, one with none, staff, and nobody signed in. */
export async function openGallery(someone: Enter, nobody: Page): Promise<Gallery> {
  const merchant = await someone("merchant", { name: "Riyadh Trading" });
  const scene = await setScene(merchant);
  const newcomer = (await someone("merchant", { name: "Jeddah Books" })).page;
  const [support, admin] = [(await someone("support")).page, (await someone("admin")).page];
  return { scene, pages: { nobody, merchant: merchant.page, newcomer, support, admin } };
}

/** Shows a screen in that look and leaves it there. */
export async function show({ scene, pages }: Gallery, screen: Screen, { locale, theme, width }: Look, url: string): Promise<Page> {
  const page = pages[screen.as];
  await page.context().addCookies([
    { name: "latchkey-locale", value: locale, url },
    { name: "latchkey-theme", value: theme, url },
  ]);
  await page.setViewportSize({ width, height: width < 600 ? 740 : 900 });
  await page.goto(screen.path(scene));
  await page.getByRole("heading", { level: 1 }).waitFor();
  await screen.act?.(page);
  return page;
}
