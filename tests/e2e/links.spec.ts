import { readFileSync } from "node:fs";
import type { BrowserContextOptions, Page } from "@playwright/test";
import { latchkey } from "@/lib/api/client/latchkey";
import { createKey } from "@/lib/keys/create-key";
import { moveClock } from "@/tests/auth/people";
import { staff } from "@/tests/support/journey";
import { arrive, connect, decide, norceUser, outcome, seeStore } from "./support/journey";
import { test as base, expect } from "./support/test";
import { watch } from "./support/watch";

const ar = JSON.parse(readFileSync("lib/messages/ar.json", "utf8"));
const BACK = "https://caravan.example/stores?shop=7";

/** A browser of somebody who has no account here; the company's own page answers in it. */
const test = base.extend<{ visitor: (options?: BrowserContextOptions) => Promise<Page> }>({
  visitor: async ({ browser, installation, complaints }, use) => {
    await use(async (options) => {
      const context = await browser.newContext({ baseURL: installation.url, ...options });
      watch(context, installation.url, complaints);
      await context.route("https://caravan.example/**", (route) => route.fulfill({ contentType: "text/html", body: "<h1>Caravan</h1>" }));
      return context.newPage();
    });
  },
});

/** A backend of the company, by the generated client. */
async function backend(url: string) {
  const scopes = ["access:read", "connections:read", "links:create"];
  const { token } = await createKey(await staff("admin"), { name: "orders-sync", scopes });
  return latchkey({ url, key: token });
}

/** Opens a link and presses its button; without a script as with one. */
async function goIn(page: Page, link: string, words: { continue: string }): Promise<void> {
  await page.goto(link);
  await page.getByRole("button", { name: words.continue, exact: true }).click();
  await page.waitForURL(/\/by-link\//);
}

/** What the page does by itself where there is a script, which takes the button away. */
async function finish(page: Page, script: boolean): Promise<void> {
  await page.waitForURL(/\/result\//);
  const button = page.getByRole("button", { name: ar.result.finishing.button });
  if (!script && (await button.isVisible())) await button.click();
}

/** What the company's page was told, and by whom it was opened. */
async function goBack(page: Page, name: RegExp): Promise<URLSearchParams> {
  await page.getByRole("link", { name }).click();
  await page.waitForURL(/caravan\.example/);
  expect(await page.evaluate(() => document.referrer)).toBe("");
  return new URL(page.url()).searchParams;
}

for (const script of [true, false]) {
  test(`a merchant without an account connects in Arabic by a backend's links, which then calls with the access (${script ? "with" : "without"} a script)`, async ({
    visitor,
    installation,
  }) => {
    const { world, url, lines } = installation;
    const api = await backend(url);
    const merchant = { external_id: "seller-7", name: "متجر الدلتا", locale: "ar" as const };
    const made = async (provider: string) => (await api.createConnectLink({ merchant, provider, return_url: BACK })).body;
    const page = await visitor({ javaScriptEnabled: script });

    const square = await made("square");
    await page.goto(square.url);
    await expect(page.locator("html")).toHaveAttribute("dir", "rtl");
    await expect(page.getByRole("region").getByText("Caravan")).toBeVisible();
    await goIn(page, square.url, ar.link);
    await expect(page.locator("html")).toHaveAttribute("dir", "rtl");
    await page.locator("form[action$='/start'] [type=submit]").click();
    await arrive(page);
    await decide(page);
    await finish(page, script);
    await expect(outcome(page)).toHaveText(/Riyadh shop/, { timeout: 20_000 });
    await expect(page.getByRole("link", { name: ar.result.mine })).toHaveCount(0);
    const told = await goBack(page, /caravan\.example/);
    expect([told.get("shop"), told.get("status")]).toEqual(["7", "connected"]);
    const first = (await api.getAccess(told.get("connection") ?? "")).body;
    const answer = await fetch(`${first.base_url}/v2/merchants/me`, { headers: first.headers });
    expect([answer.status, JSON.stringify(await answer.json())]).toEqual([200, expect.stringContaining(first.account ?? "nobody")]);

    const user = norceUser(world);
    const norce = await made("norce");
    await goIn(page, norce.url, ar.link);
    const values = {
      slug: user.slug,
      client_id: user.clientId,
      client_secret: user.clientSecret,
      application_id: String(user.applications[0]),
    };
    for (const [name, value] of Object.entries(values)) await page.locator(`#value-${name}`).fill(value);
    await page.locator("[name=value-region]").fill("se");
    await page.locator("[name=value-environment][value=stage]").check();
    await page.getByRole("button", { name: ar.connect.credentials.submit }).click();
    await finish(page, script);
    const pasted = await goBack(page, /caravan\.example/);
    expect(pasted.get("status")).toBe("connected");
    const second = (await api.getAccess(pasted.get("connection") ?? "")).body;
    expect((await fetch(`${second.base_url}/commerce/metadata/1.1/GetApplication?format=json`, { headers: second.headers })).status).toBe(
      200,
    );

    const { body } = await api.getConnection(second.connection);
    expect(body.merchant).toMatchObject({ id: square.merchant.id, name: merchant.name });
    const tokens = [square, norce].map((link) => link.url.split("/").at(-1) ?? "");
    expect(lines.filter((line) => tokens.some((token) => line.includes(token)))).toEqual([]);
  });
}

test("S8: support sends a reconnect link made by one click; who opens it sees no staff data, and an ended link explains itself", async ({
  someone,
  visitor,
  installation,
}) => {
  const mona = await someone("merchant", { name: "Riyadh Trading" });
  await connect(mona.page, installation.world, "square");
  const id = await seeStore(mona.page);
  const sara = (await someone("support")).page;
  await sara.goto(`/support/${id}`);
  await sara.getByRole("button", { name: "Make a reconnect link" }).click();
  const link = (await sara.getByText(/\/link\/[\w-]{43}$/).textContent()) ?? "";
  await expect(sara.getByText(/^For .*Riyadh Trading.* alone, until/)).toBeVisible();
  await sara.reload();
  await expect(sara.getByText(link)).toHaveCount(0);
  await expect(sara.getByText("For reconnecting this store")).toBeVisible();

  const page = await visitor();
  // Looking, as a mail's scanner does, spends nothing.
  for (const method of ["HEAD", "GET"]) expect((await fetch(link, { method })).status).toBe(200);
  await goIn(page, link, { continue: "Continue" });
  await expect(outcome(page)).toHaveText("Reconnect Riyadh shop");
  for (const path of [`/support/${id}`, "/support", "/connections", `/connections/${id}`, "/connect", "/settings/mail"]) {
    await page.goto(path);
    expect(new URL(page.url()).pathname, path).toMatch(path === "/settings/mail" ? /sign-in|settings/ : /^\/sign-in/);
  }
  const other = await visitor();
  await other.goto(link);
  await expect(outcome(other)).toHaveText("This link was opened in another browser");
  await expect(other.getByText(/Riyadh/)).toHaveCount(0);

  await page.goto(link);
  await page.getByRole("button", { name: "Go on where you were" }).click();
  await page.getByRole("button", { name: "Continue to Square" }).click();
  await arrive(page);
  await decide(page);
  await expect(outcome(page)).toHaveText("Permission renewed for Riyadh shop", { timeout: 20_000 });
  await expect(page.getByText("That is all. You can close this page.")).toBeVisible();
  const result = page.url();
  await other.goto(result);
  await expect(outcome(other)).toHaveText("This link was opened in another browser");
  await page.goto(link);
  await expect(outcome(page)).toHaveText("This link has been used");
  await page.getByRole("link", { name: "See what came of it" }).click();
  await expect(page).toHaveURL(result);
  await sara.reload();
  await expect(sara.getByText("For reconnecting this store")).toHaveCount(0);
  await expect(sara.getByText(/^The connect link of \S+ led to this connection and is used up/)).toBeVisible();

  // One that is taken back, and one that runs out.
  await sara.getByRole("button", { name: "Make a link for another store" }).click();
  const taken = (await sara.getByText(/\/link\/[\w-]{43}$/).textContent()) ?? "";
  await sara.getByRole("button", { name: "Take back" }).click();
  await expect(sara.getByText("The link was taken back: it opens nothing any more.")).toBeVisible();
  await page.goto(taken);
  await expect(outcome(page)).toHaveText("This link was taken back");
  await sara.getByRole("button", { name: "Make a link for another store" }).click();
  const late = (await sara.getByText(/\/link\/[\w-]{43}$/).textContent()) ?? "";
  await moveClock("73 hours");
  await page.goto(late);
  await expect(outcome(page)).toHaveText("This link has run out");
  const unknown = "A".repeat(43);
  expect((await page.goto(`/link/${unknown}`))?.status()).toBe(404);
  expect(installation.lines.filter((line) => line.includes(unknown))).toEqual([]);
});

test("somebody signed in for another merchant, or as staff, is asked as whom to go on, and nothing is mixed", async ({
  someone,
  installation,
}) => {
  const api = await backend(installation.url);
  const { body } = await api.createConnectLink({ merchant: { external_id: "seller-8", name: "Delta Toys" }, provider: "square" });
  const sara = (await someone("support")).page;
  await sara.goto(body.url);
  await expect(sara.getByText("You are signed in as")).toBeVisible();
  await sara.getByRole("link", { name: /^Go on as/ }).click();
  await expect(sara).toHaveURL(/\/support/);

  const { page } = await someone("merchant", { name: "Jeddah Books" });
  await page.goto(body.url);
  await expect(page.getByText("This link is for Delta Toys and has nothing to do with your account.", { exact: false })).toBeVisible();
  await page.getByRole("button", { name: "Go on for Delta Toys" }).click();
  await page.getByRole("button", { name: "Continue to Square" }).click();
  await arrive(page);
  await decide(page);
  await expect(outcome(page)).toHaveText("Riyadh shop is connected", { timeout: 20_000 });
  expect((await api.listConnections()).body.data).toMatchObject([{ merchant: { name: "Delta Toys" } }]);
  await page.goto("/connections");
  await expect(page.getByText("No stores connected yet")).toBeVisible();
});
