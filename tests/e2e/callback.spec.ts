import { eq } from "drizzle-orm";
import { database } from "@/db/client";
import { attempts } from "@/db/schema";
import { moveClock } from "@/tests/auth/people";
import { freePort } from "@/tests/support/free-port";
import { approve, comeBack, start } from "./support/consent";
import { type ConsentSlug, consents, outcome } from "./support/journey";
import { expect, sessionCookie, test } from "./support/test";

const tokenCalls: Record<ConsentSlug, string> = {
  noon: "token/create",
  ultracart: "token",
  square: "token",
  oauth2: "token.authorization_code",
};
const COPIES = 50;
/** A result page that nobody opens is finished by the job after ten seconds. */
const JOB_MS = 12_000;

for (const slug of Object.keys(consents) as ConsentSlug[]) {
  test(`C-07: ${COPIES} copies of one answer of ${consents[slug]} over two processes spend its code once`, async ({
    installation,
    someone,
  }) => {
    const { world, url } = installation;
    const mona = await someone("merchant");
    const port = await freePort();
    const second = await installation.start({}, port);
    try {
      const started = await start(installation, mona, slug);
      const query = await approve(installation, slug, started);
      const answers = await Promise.all(
        Array.from({ length: COPIES }, (_, index) =>
          comeBack(installation, { slug, query, cookies: started.cookies, at: index % 2 ? `http://localhost:${port}` : url }),
        ),
      );
      for (const answer of answers) {
        expect(answer.status).toBe(303);
        expect(answer.headers.get("location")).toBe(`${url}/connect/result/${started.attemptId}`);
        expect(answer.headers.get("referrer-policy")).toBe("no-referrer");
      }
      // Nothing has been sent by the callbacks themselves; now three tabs and the jobs of both processes want to finish it.
      expect(world.platforms[slug].ledger.count(tokenCalls[slug])).toBe(0);
      const tabs = [mona.page, await mona.page.context().newPage(), await mona.page.context().newPage()];
      await Promise.all(tabs.map((tab) => tab.goto(`/connect/result/${started.attemptId}`)));
      for (const tab of tabs) await expect(outcome(tab)).toHaveText(/is connected$/, { timeout: 20_000 });
      expect(world.platforms[slug].ledger.count(tokenCalls[slug])).toBe(1);
    } finally {
      await second.stop();
    }
  });
}

test("a closed tab is finished by the job within 15 seconds, once over two processes", async ({ installation, someone }) => {
  const { ledger } = installation.world.platforms.square;
  const second = await installation.start({}, await freePort());
  try {
    const started = await start(installation, await someone("merchant"), "square");
    await comeBack(installation, { slug: "square", query: await approve(installation, "square", started), cookies: started.cookies });
    await expect.poll(() => ledger.count("token"), { timeout: 15_000 }).toBe(1);
    await expect.poll(async () => (await database().select().from(attempts))[0]?.outcome).toBe("connected");
    expect(ledger.count("token")).toBe(1);
  } finally {
    await second.stop();
  }
});

test("C-05: answers that this browser did not ask for send nothing to any platform", async ({ installation, someone, page }) => {
  const { world } = installation;
  const mona = await someone("merchant", { name: "Riyadh Trading" });
  const yusuf = await someone("merchant", { name: "Jeddah Books" });
  const monas = await start(installation, mona, "square");
  const yusufs = await start(installation, yusuf, "square");
  const query = await approve(installation, "square", monas);
  const planted = await approve(installation, "square", yusufs);
  const calls = () => Object.fromEntries(Object.entries(world.platforms).map(([id, { ledger }]) => [id, ledger.calls.length]));
  const before = calls();

  const repeated = new URLSearchParams([...query, ["state", query.get("state") ?? ""]]);
  const without = (name: string) => new URLSearchParams([...query].filter(([key]) => key !== name));
  const changed = (name: string, value: string) => new URLSearchParams([...without(name), [name, value]]);
  const { [sessionCookie]: _, ...flowOnly } = monas.cookies;
  const strangers: Record<string, Parameters<typeof comeBack>[1]> = {
    "another person's answer in this browser (login CSRF)": { slug: "square", query: planted, cookies: monas.cookies },
    "this browser's answer in another person's browser": { slug: "square", query, cookies: yusufs.cookies },
    "the flow's cookie in another person's session": { slug: "square", query, cookies: { ...flowOnly, [sessionCookie]: yusuf.token } },
    "no cookies at all": { slug: "square", query, cookies: {} },
    "the path of another platform": { slug: "ultracart", query, cookies: monas.cookies },
    "a path of no platform": { slug: "nowhere", query, cookies: monas.cookies },
    "an unknown state": { slug: "square", query: changed("state", "x".repeat(43)), cookies: monas.cookies },
    "no state": { slug: "square", query: without("state"), cookies: monas.cookies },
    "a repeated parameter": { slug: "square", query: repeated, cookies: monas.cookies },
    "a code and an error at once": {
      slug: "square",
      query: new URLSearchParams([...query, ["error", "access_denied"]]),
      cookies: monas.cookies,
    },
  };
  for (const [name, forged] of Object.entries(strangers)) {
    const answer = await comeBack(installation, forged);
    const text = await answer.text();
    expect(answer.status, name).toBe(400);
    for (const value of [query.get("code"), query.get("state"), planted.get("code"), planted.get("state")])
      expect(text, name).not.toContain(value);
    expect(answer.headers.get("referrer-policy"), name).toBe("no-referrer");
    expect(answer.headers.get("cache-control"), name).toBe("no-store");
  }
  const look = await comeBack(installation, { slug: "square", query, cookies: monas.cookies, method: "HEAD" });
  expect(look.status, "a scanner's look").toBe(405);
  await page.waitForTimeout(JOB_MS);
  expect(calls()).toEqual(before);

  // None of that has spent the real one.
  expect((await comeBack(installation, { slug: "square", query, cookies: monas.cookies })).status).toBe(303);
  const [kept] = await database().select().from(attempts).where(eq(attempts.id, monas.attemptId));
  expect(kept?.status).toBe("answered");
});

test("C-06: an answer that comes too late, or again, leads to its own page and sends nothing", async ({ installation, someone }) => {
  const { ledger } = installation.world.platforms.square;
  const mona = await someone("merchant");
  const late = await start(installation, mona, "square");
  const query = await approve(installation, "square", late);
  const calls = ledger.calls.length;
  await moveClock("11 minutes");
  for (let times = 0; times < 2; times += 1) {
    const answer = await comeBack(installation, { slug: "square", query, cookies: late.cookies });
    expect(answer.status).toBe(303);
    expect(answer.headers.get("location")).toBe(`${installation.url}/connect/result/${late.attemptId}`);
  }
  await mona.page.goto(`/connect/result/${late.attemptId}`);
  await expect(outcome(mona.page)).toHaveText("This attempt timed out");
  await mona.page.waitForTimeout(JOB_MS);
  expect(ledger.calls.length).toBe(calls);
});
