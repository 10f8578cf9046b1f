import { expect, type Page } from "@playwright/test";
import type { World } from "@/tests/demo/world";

/** The platforms that send the merchant to a page of their own, by the name that the product shows. */
export const consents = { noon: "Noon", ultracart: "UltraCart", square: "Square", oauth2: "Harbor" } as const;
export type ConsentSlug = keyof typeof consents;

/** Comes in by the demo's identity provider as one of its people. */
export async function signInAs(page: Page, name: string): Promise<void> {
  await page.goto("/sign-in");
  await page.getByRole("button", { name: "Continue with your company account" }).click();
  await page.getByRole("button", { name }).click();
  await expect(page).not.toHaveURL(/sign-in|127\.0\.0\.1/);
}

/** From the catalogue to the platform's consent page. */
export async function goToPlatform(page: Page, slug: ConsentSlug): Promise<void> {
  await page.goto("/connect");
  await page.getByRole("link", { name: consents[slug] }).click();
  await page.getByRole("button", { name: `Continue to ${consents[slug]}` }).click();
  await arrive(page);
}

/** With a script or without, our own page goes on by itself; its link does the same. */
export async function arrive(page: Page): Promise<void> {
  await page.waitForURL(/^http:\/\/127\.0\.0\.1:/);
  await expect(page.getByRole("heading", { name: /^Simulated/ })).toBeVisible();
}

/** On a platform's consent page: chooses the store and decides. */
export async function decide(page: Page, decision: "Approve" | "Deny" = "Approve", store = "Riyadh shop"): Promise<void> {
  await page.getByRole("radio", { name: store }).check();
  await page.getByRole("button", { name: decision }).click();
}

export type NorceUser = { slug: string; clientId: string; clientSecret: string; applications: number[] };
type NorceChange = { secret?: string; environment?: string; application?: string };

export function norceUser({ platforms }: World): NorceUser {
  const user = platforms.norce.users[0];
  if (!user) throw new Error("The simulator has no users");
  return user;
}

/** Fills Norce's form with what a simulated user has, or with what a test wants wrong. */
export async function fillNorce(page: Page, user: NorceUser, change: NorceChange = {}): Promise<void> {
  const fields = {
    "Client name or host": user.slug,
    Region: "se",
    "Client ID": user.clientId,
    "Client secret": change.secret ?? user.clientSecret,
    "Application ID": change.application ?? String(user.applications[0]),
  };
  for (const [label, value] of Object.entries(fields)) await page.getByLabel(label, { exact: true }).fill(value);
  await page.getByRole("radio", { name: new RegExp(change.environment ?? "Stage") }).check();
}

export async function submitNorce(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Test and connect" }).click();
}

export const platformNames = { ...consents, norce: "Norce" } as const;
export type Slug = keyof typeof platformNames;
export const slugs = Object.keys(platformNames) as Slug[];

/** From the catalogue to the answer of any platform. The result page still has to finish it. */
export async function giveConsent(page: Page, world: World, slug: Slug, { label = "", store = "Riyadh shop" } = {}): Promise<void> {
  await page.goto("/connect");
  await page.getByRole("link", { name: platformNames[slug] }).click();
  await page.getByLabel("Store name").fill(label);
  if (slug === "norce") {
    await fillNorce(page, norceUser(world));
    return submitNorce(page);
  }
  await page.getByRole("button", { name: `Continue to ${platformNames[slug]}` }).click();
  await arrive(page);
  await decide(page, "Approve", store);
}

/** The whole way of any platform, to the page that tells what came of it. */
export async function connect(page: Page, world: World, slug: Slug, options: { label?: string; store?: string } = {}): Promise<void> {
  await giveConsent(page, world, slug, options);
  await expect(outcome(page)).toHaveText(/is connected$/, { timeout: 20_000 });
}

export const outcome = (page: Page) => page.getByRole("heading", { level: 1 });

/** The id in the address of a detail page. */
export function idOf(page: Page): string {
  const id = /\/(?:connections|support)\/([^/?]+)/.exec(page.url())?.[1];
  if (!id) throw new Error(`${page.url()} is no connection's page`);
  return id;
}

/** Opens the store that the result page told about. */
export async function seeStore(page: Page): Promise<string> {
  await page.getByRole("link", { name: "See the store" }).click();
  await page.waitForURL(/\/connections\//);
  return idOf(page);
}
