import type { Page } from "@playwright/test";
import { moveClock } from "@/tests/auth/people";
import { keepSecret } from "@/tests/leaks/run-folder";
import { connect } from "./support/journey";
import { expect, test } from "./support/test";

const TOKEN = keepSecret("metrics token", `CNRY-metrics-${crypto.randomUUID()}`);
/** Processes that an earlier test killed are counted for two minutes. */
const LAST_ROUND = /^Last round .*, by \d+ process(es)?\.$/;
const stopped = (since: string) => `Renewals have stopped: the worker has not reported for ${since}.`;

test("the worker stops: every page of staff says so within two minutes, and no more once one is back", async ({
  installation,
  someone,
  complaints,
}) => {
  test.setTimeout(180_000);
  const health = async () => (await (await fetch(`${installation.url}/api/health`)).json()) as Record<string, string>;
  let admin = (await someone("admin")).page;
  const support = (await someone("support")).page;
  const merchant = (await someone("merchant")).page;
  await connect(merchant, installation.world, "square");
  const restart = async (environment?: Record<string, string>) => {
    for (const page of [admin, support, merchant]) await page.goto("about:blank");
    await installation.product().stop();
    await installation.start(environment);
    // In between, a browser could not but complain that nobody answers.
    complaints.length = 0;
  };
  const notice = (page: Page, text: string) => page.getByRole("main").getByText(text, { exact: true });

  await expect.poll(async () => (await health()).worker, { timeout: 30_000 }).toBe("working");
  await admin.goto("/health");
  await expect(admin.getByText(LAST_ROUND)).toBeVisible();
  await expect(admin.getByText("None is due.")).toBeVisible();
  await expect(admin.getByText(/^Renewals have/)).toHaveCount(0);

  await restart({ LATCHKEY_WORKER: "0", LATCHKEY_METRICS_TOKEN: TOKEN });
  await moveClock("2 minutes 1 second");
  // A demo is never ready, so the answer is 503 all the same; its parts are told as ever.
  expect(await health()).toMatchObject({ database: "up", worker: "silent" });
  for (const path of ["/health", "/support", "/people", "/import"]) {
    await admin.goto(path);
    await expect(notice(admin, stopped("2 minutes")), path).toBeVisible();
    await expect(admin.getByText("npm start -- --worker-only"), path).toBeVisible();
  }
  await support.goto("/support");
  await expect(notice(support, stopped("2 minutes"))).toBeVisible();
  await expect(notice(support, "An admin can start them again.")).toBeVisible();
  await merchant.goto("/connections");
  await expect(merchant.getByText(/worker/)).toHaveCount(0);

  await test.step("nine days later, in both languages", async () => {
    await moveClock("9 days");
    // The sessions of before have ended.
    admin = (await someone("admin")).page;
    await admin.goto("/health");
    await expect(notice(admin, stopped("9 days"))).toBeVisible();
    await expect(admin.getByText(/^No round since /)).toBeVisible();
    await expect(admin.getByText(/^1 is due, the oldest since /)).toBeVisible();
    await admin.getByRole("button", { name: "العربية" }).click();
    await expect(notice(admin, "توقفت عمليات التجديد: لم ترد إشارة من المعالج منذ 9 أيام.")).toBeVisible();
    await expect(admin.getByText("npm start -- --worker-only")).toBeVisible();
    await admin.getByRole("button", { name: "English" }).click();
    await expect(notice(admin, stopped("9 days"))).toBeVisible();
  });

  await test.step("machines are told as well", async () => {
    const metrics = (authorization: string) => fetch(`${installation.url}/api/metrics`, { headers: { authorization } });
    expect((await metrics("Bearer another")).status).toBe(401);
    const text = await (await metrics(`Bearer ${TOKEN}`)).text();
    expect(Number(/^latchkey_worker_silent_seconds (\d+)$/m.exec(text)?.[1])).toBeGreaterThan(9 * 86_400);
    expect(text).toContain('latchkey_due_renewals{offer="square"} 1');
    expect((await fetch(`${installation.url}/api/health/live`)).status).toBe(200);
  });

  await restart();
  await expect.poll(async () => (await health()).worker, { timeout: 30_000 }).toBe("working");
  await admin.goto("/health");
  await expect(admin.getByText(LAST_ROUND)).toBeVisible();
  await expect(admin.getByText(/^Renewals have/)).toHaveCount(0);
});
