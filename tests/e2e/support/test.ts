import { type BrowserContextOptions, test as base, expect, type Page } from "@playwright/test";
import { makeMerchant, makePerson } from "@/tests/auth/people";
import { type Installation, install } from "./installation";
import { MARK, watch } from "./watch";

type Role = "merchant" | "support" | "admin";
/** Somebody signed in, in a browser of their own. */
export type Someone = { page: Page; userId: string; email: string; merchantId: string; token: string };

type SomeoneOptions = { name?: string; of?: Someone; context?: BrowserContextOptions; unwatched?: boolean };

type Own = {
  /** Everything begins anew with each test. */
  fresh: undefined;
  complaints: string[];
  /** A new person; a merchant's member gets a new merchant of that name, or belongs to the one of `of`. `unwatched`: may complain. */
  someone: (role: Role, options?: SomeoneOptions) => Promise<Someone>;
};

/** On loopback, without https, there is no `__Host-` in front. */
export const sessionCookie = "latchkey.session";

export const test = base.extend<Own, { installation: Installation }>({
  installation: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads from the pattern what a fixture needs.
    async ({}, use) => {
      const installation = await install();
      await installation.start();
      await use(installation);
      await installation.close();
      const leaks = installation.lines.filter((line) => line.includes(MARK));
      expect(leaks, "lines of the log that hold a secret").toEqual([]);
    },
    { scope: "worker", timeout: 120_000 },
  ],

  fresh: [
    async ({ installation }, use) => {
      await installation.renew();
      await use(undefined);
    },
    { auto: true },
  ],

  baseURL: async ({ installation }, use) => use(installation.url),

  // biome-ignore lint/correctness/noEmptyPattern: as above
  complaints: async ({}, use) => {
    const complaints: string[] = [];
    await use(complaints);
    expect(complaints, "what the browser complained about").toEqual([]);
  },

  context: async ({ context, installation, complaints }, use) => {
    watch(context, installation.url, complaints);
    await use(context);
  },

  someone: async ({ browser, installation, complaints }, use) => {
    let count = 0;
    await use(async (role, { name = "Riyadh Trading", of, context: options, unwatched } = {}) => {
      count += 1;
      const email = `${role}-${count}@people.example`;
      const merchantId = role === "merchant" ? (of?.merchantId ?? (await makeMerchant(name))) : null;
      const { id, token } = await makePerson(email, role === "merchant" ? "member" : role, merchantId);
      const context = await browser.newContext(options);
      if (!unwatched) watch(context, installation.url, complaints);
      await context.addCookies([{ name: sessionCookie, value: token, url: installation.url, httpOnly: true, sameSite: "Lax" }]);
      return { page: await context.newPage(), userId: id, email, merchantId: merchantId ?? "", token };
    });
  },
});

export { expect };
