import type { Page } from "@playwright/test";
import { during, holdUp } from "./meanwhile";

type Act = (page: Page) => Promise<unknown>;

/** The simulated platforms and the identity provider; the product itself is at localhost. */
const AWAY = /^http:\/\/127\.0\.0\.1:/;

export const press =
  (what: string, appears: string): Act =>
  async (page) => {
    await page.locator(what).first().click();
    await page.locator(appears).first().waitFor();
  };

export const submitEmpty = (form: string): Act => press(`${form} button[type=submit]`, "#error-summary");

export const continueTo =
  (button: string): Act =>
  async (page) => {
    await page.locator(button).click();
    await page.waitForURL(AWAY, { timeout: 15_000 });
    await page.getByRole("heading", { level: 1 }).waitFor();
  };

/** Holds the page of ours that stands between a form and another host, and goes on by itself. The next screen is led there again. */
export const stopAtLeaving =
  (button: string): Act =>
  async (page) => {
    await page.route(AWAY, (route) => route.fulfill({ status: 204 }));
    const leaving = page.waitForRequest(AWAY);
    await page.locator(button).click();
    await leaving;
    await page.locator(`a[href^="http://127.0.0.1:"]`).waitFor();
  };

export const startDuringAnOutage: Act = (page) =>
  during("down", async () => {
    await page.locator("form[action$='/start'] [type=submit]").click();
    await page.waitForURL(/start$/, { timeout: 15_000 });
  });

/** Staff's menu, where the window is too narrow for a rail. */
export const openRail: Act = async (page) => {
  const menu = page.locator("button[popovertarget=rail]");
  if (await menu.isVisible()) await menu.click();
};

export const chooseImport =
  (slug: string): Act =>
  async (page) => {
    await page.locator("#merchant").selectOption({ index: 1 });
    await page.locator("#platform").selectOption(slug);
    await page.locator("form[action='/import'] [type=submit]").click();
    await page.locator("#grant").waitFor();
  };

/** What can be done with a destination that has a secret. */
export const openWebhook: Act = async (page) => {
  const webhook = page.locator("section:has(.lucide-webhook)").first();
  await webhook.locator("summary").click();
  await webhook.locator("form button").last().waitFor();
};

export const addWebhook: Act = async (page) => {
  await page.locator("[name=kind][value=webhook]").check();
  await page.locator("#address").fill(`https://${crypto.randomUUID()}.receiver.example/hook`);
  await page.locator("form:has(#address) [type=submit]").click();
  await page.locator("form:has(#address) code").waitFor();
};

export const makeKey: Act = async (page) => {
  await page.locator("#name").fill("orders-sync");
  await page.locator("form:has(#scopes) [type=submit]").click();
  await page.locator("main code", { hasText: /^lk_/ }).waitFor();
};

export const openEvent: Act = press("tbody tr:first-child td:first-child a", "#event");

/** Presses something whose answer does not come. */
export const heldUp =
  (what: string, appears: string): Act =>
  async (page) => {
    await holdUp();
    await press(what, appears)(page);
  };

/** Inside the app, to a page whose rows the database does not hand out for a while. */
export const waitAt =
  (href: string): Act =>
  async (page) => {
    await holdUp();
    await page
      .locator(`nav a[href="${href}"]`)
      .first()
      .evaluate((link: HTMLAnchorElement) => link.click());
    await page.waitForURL(`**${href}`);
    await page.locator("main [role=status] ~ [aria-hidden], main [role=status] [aria-hidden]").first().waitFor();
  };

/** Nobody answers at that port, whatever is asked there. */
export const checkAddresses: Act = async (page) => {
  await page.locator("#tokenUrl").fill("http://127.0.0.1:9/token");
  await page.locator("#testUrl").fill("https://10.0.0.1/me");
  await page.locator("button[value=check]").click();
  await page.locator("form [role=status] li").first().waitFor();
};
