import { connect, decide, goToPlatform } from "./support/journey";
import { expect, test } from "./support/test";

// Where the process dies in the middle of the three steps: what was won before must be there after.
const points = {
  "after the code was exchanged and its token stored": "exchange.committed",
  "after the merchant's key was issued and stored": "renew.settled:1",
  "before the first login with that key": "renew.claimed:2",
};

for (const [when, crashAt] of Object.entries(points)) {
  test(`killed ${when}, the connection completes by itself`, async ({ installation, someone, complaints }) => {
    test.setTimeout(150_000);
    const { ledger } = installation.world.platforms.noon;
    const { page } = await someone("merchant");
    await installation.product().stop();
    const doomed = await installation.start({ LATCHKEY_CRASH_AT: crashAt });
    await goToPlatform(page, "noon");
    await decide(page);
    expect(await doomed.ended).toBe("SIGKILL");
    await doomed.kill();
    expect([ledger.count("token/create"), ledger.count("token/exchange")]).toEqual([1, crashAt === "exchange.committed" ? 0 : 1]);
    await page.goto("about:blank");
    // Between the two, the browser could not but complain that nobody answers.
    complaints.length = 0;

    await installation.start();
    await expect(async () => {
      await page.goto("/connections");
      await expect(page.getByRole("article").getByText("Working", { exact: true })).toBeVisible({ timeout: 1_000 });
    }).toPass({ timeout: 90_000, intervals: [2_000] });
    expect([ledger.count("token/create", 200), ledger.count("token/exchange", 200)]).toEqual([1, 1]);
    expect([ledger.count("token/create"), ledger.count("token/exchange")]).toEqual([1, 1]);
  });
}

test("killed in the middle of everything, what was connected before still works", async ({ installation, someone }) => {
  const { page } = await someone("merchant");
  await connect(page, installation.world, "square");
  await page.goto("about:blank");
  await installation.product().kill();
  await installation.start();
  await page.goto("/connections");
  await page.getByRole("link", { name: "Riyadh shop" }).click();
  await page.getByRole("button", { name: "Test now" }).click();
  await expect(page.getByText("It works: Square answered just now.")).toBeVisible();
});
