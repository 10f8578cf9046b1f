import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import type { Page } from "@playwright/test";
import { sql } from "drizzle-orm";
import { Webhook } from "standardwebhooks";
import { database } from "@/db/client";
import { moveClock } from "@/tests/auth/people";
import { keepSecret } from "@/tests/leaks/run-folder";
import { arrive, connect, seeStore, signInAs } from "./support/journey";
import { expect, test } from "./support/test";

type Call = { headers: IncomingHttpHeaders; body: string };

/** Somebody else's server that takes webhooks, and answers what it is told to. */
async function receiver() {
  const calls: Call[] = [];
  const mood = { status: 204 };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      calls.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
      response.writeHead(mood.status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { calls, mood, url: `http://127.0.0.1:${port}/hook/secret-path`, close: () => new Promise((resolve) => server.close(resolve)) };
}

const judge = (secret: string, { body, headers }: Call) => new Webhook(secret).verify(body, headers as Record<string, string>);

async function addWebhook(page: Page, url: string): Promise<string> {
  await page.goto("/alerts");
  await page.getByRole("radio", { name: /^Webhook/ }).check();
  await page.getByLabel("E-mail address or webhook URL").fill(url);
  await page.getByRole("button", { name: "Add", exact: true }).click();
  return shownSecret(page);
}

/** The secret that the page shows, which stands in no address. */
async function shownSecret(page: Page, known: string[] = []): Promise<string> {
  const codes = page.locator("code", { hasText: /^whsec_/ });
  await expect.poll(async () => (await codes.allTextContents()).filter((text) => !known.includes(text)).length).toBe(1);
  const secret = keepSecret("webhook secret", (await codes.allTextContents()).find((text) => !known.includes(text)) ?? "");
  expect(page.url()).not.toContain("whsec");
  return secret;
}

/** Of a webhook's URL its path is shown to nobody. */
const card = (page: Page, url: string) => page.getByRole("region", { name: `${new URL(url).origin}/…` });
const newest = (page: Page) => page.getByRole("row").nth(1);

test("A13: an admin is told through a signed webhook: its secret shown once, tests, retries, a new secret, the log", async ({
  someone,
}) => {
  test.setTimeout(120_000);
  const { page } = await someone("admin");
  const { calls, mood, url, close } = await receiver();
  const sendTest = () => card(page, url).getByRole("button", { name: "Send test" }).click();

  const first = await addWebhook(page, url);
  await page.reload();
  await expect(page.getByText(first)).toHaveCount(0);
  await expect(card(page, url)).toBeVisible();

  await sendTest();
  await expect(page.getByText("Sent and received.")).toBeVisible();
  expect(calls).toHaveLength(1);
  expect(judge(first, calls[0] as Call)).toMatchObject({ type: "test" });
  await expect(newest(page)).toContainText("Delivered");
  await expect(newest(page)).toContainText("1 try · HTTP 204");
  // A webhook's path may be a secret of its receiver's.
  await expect(newest(page)).not.toContainText("secret-path");

  await card(page, url).getByText("Secret and removal").click();
  await card(page, url).getByRole("button", { name: "New secret" }).click();
  const second = await shownSecret(page);
  await sendTest();
  await expect.poll(() => calls.length).toBe(2);
  for (const secret of [first, second]) judge(secret, calls[1] as Call);

  mood.status = 500;
  await sendTest();
  await expect(page.getByText("Not received yet.")).toBeVisible();
  await expect(newest(page)).toContainText("HTTP 500");
  mood.status = 202;
  await moveClock("1 minute");
  await expect.poll(() => calls.length, { timeout: 30_000 }).toBe(4);
  expect(calls[3]?.headers["webhook-id"]).toBe(calls[2]?.headers["webhook-id"]);
  await page.goto("/alerts");
  await expect(newest(page)).toContainText("2 tries · HTTP 202");

  await page.getByRole("button", { name: "Send again: Test" }).first().click();
  await expect(page.getByText("Sent and received.")).toBeVisible();
  expect(calls[4]?.headers["webhook-id"]).toBe(calls[2]?.headers["webhook-id"]);

  await card(page, url).getByText("Secret and removal").click();
  await card(page, url).getByRole("button", { name: "Remove" }).click();
  await expect(page.getByText("Removed.")).toBeVisible();
  await expect(card(page, url)).toHaveCount(0);
  await close();
});

test("all of it works without a script: adding, its secret once, rules, a refusal, a test", async ({ someone }) => {
  const { page } = await someone("admin", { context: { javaScriptEnabled: false } });
  const url = "http://127.0.0.1:1/hook";
  await addWebhook(page, "not an address").catch(() => undefined);
  await expect(page.getByRole("alert", { name: "There is a problem" })).toContainText("https:// address");
  await expect(page.getByLabel("E-mail address or webhook URL")).toHaveValue("not an address");
  await page.getByLabel("E-mail address or webhook URL").fill(url);
  await page.getByRole("button", { name: "Add", exact: true }).click();
  const secret = await shownSecret(page);
  await page.goto("/alerts");
  await expect(page.getByText(secret)).toHaveCount(0);

  const numbers = card(page, url).getByLabel("How many");
  await numbers.first().fill("50");
  await card(page, url).getByLabel("Within", { exact: true }).selectOption("1 hour");
  await card(page, url)
    .getByRole("checkbox", { name: /refuses our own access/ })
    .uncheck();
  await card(page, url).getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Saved.")).toBeVisible();
  await expect(numbers.first()).toHaveValue("50");
  await expect(card(page, url).getByLabel("Within", { exact: true })).toHaveValue("60");
  await expect(card(page, url).getByRole("checkbox", { name: /refuses our own access/ })).not.toBeChecked();
  await card(page, url).getByRole("button", { name: "Send test" }).click();
  await expect(page.getByText("Not received yet.")).toBeVisible();
  await expect(newest(page)).toContainText("Waiting");
});

test("a store that begins to need its owner: a mail whose link is two clicks from the platform, with signing in on the way", async ({
  installation,
  browser,
}) => {
  test.setTimeout(120_000);
  const context = await browser.newContext({ baseURL: installation.url });
  const page = await context.newPage();
  await signInAs(page, "Mona");
  await connect(page, installation.world, "square", { label: "Corner shop" });
  const id = await seeStore(page);
  await database().execute(
    sql`update connections set status = 'reconnect', trouble = 'reconnect', trouble_code = 'invalid_grant' where id = ${id}`,
  );
  const mailed = () => installation.lines.filter((line) => line.includes("Corner shop needs you: reconnect Square")).at(-1);
  await expect.poll(mailed, { timeout: 45_000 }).toContain(`/connect/square?connection=${id}`);
  expect(mailed()).toContain("Mail for mona@riyadh-shop.example");

  const fresh = await browser.newContext({ baseURL: installation.url });
  const reader = await fresh.newPage();
  await reader.goto(/http\S+$/.exec(mailed() ?? "")?.[0] ?? "");
  await expect(reader).toHaveURL(/\/sign-in\?to=/);
  await reader.getByRole("button", { name: "Continue with your company account" }).click();
  await reader.getByRole("button", { name: "Mona" }).click();
  // Opening the mail's link was the first click; this is the second.
  await reader.getByRole("button", { name: "Continue to Square" }).click();
  await arrive(reader);

  await reader.goto("/settings/mail");
  const reminder = reader.getByRole("region", { name: "A store still needs you" });
  await reminder.getByRole("button", { name: "Stop this e-mail" }).click();
  await expect(reader.getByText("Stopped.")).toBeVisible();
  await expect(reminder).toContainText("You do not get this e-mail.");
  await Promise.all([context.close(), fresh.close()]);
});
