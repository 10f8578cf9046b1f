import { type BrowserContext, test as base, expect, type Page } from "@playwright/test";
import { makeMerchant, makePerson } from "@/tests/auth/people";
import { type Installation, install } from "./installation";
import { sessionCookieName } from "./session-cookie-name";

type Role = "merchant" | "support" | "admin";
export type Entered = { userId: string; merchantId: string | null; email: string };

type Own = {
  /** Everything begins anew with each test. */
  fresh: undefined;
  /** Somebody new, signed in in that browser context; a merchant's member gets a merchant of that name. */
  enter: (context: BrowserContext, role: Role, name?: string) => Promise<Entered>;
};

const MARK = "CNRY-";

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

  context: async ({ context, installation }, use) => {
    const complaints = watch(context, installation.url);
    await use(context);
    expect(complaints, "what the browser complained about").toEqual([]);
  },

  enter: async ({ installation }, use) => {
    let count = 0;
    await use(async (context, role, name = "Riyadh Trading") => {
      count += 1;
      const email = `${role}-${count}@people.example`;
      const merchantId = role === "merchant" ? await makeMerchant(name) : null;
      const { id, token } = await makePerson(email, role === "merchant" ? "member" : role, merchantId);
      await context.addCookies([{ name: sessionCookieName, value: token, url: installation.url, httpOnly: true, sameSite: "Lax" }]);
      return { userId: id, merchantId, email };
    });
  },
});

export type { Page };
export { expect };

/** Errors, broken policies and secrets in anything that comes from the product. A page that answers 403 or 404 is no complaint. */
function watch(context: BrowserContext, origin: string): string[] {
  const complaints: string[] = [];
  context.on("console", (message) => {
    const { url } = message.location();
    if (!["error", "warning"].includes(message.type()) || !url.startsWith(origin)) return;
    if (/Failed to load resource: the server responded with a status of 40[034]/.test(message.text())) return;
    complaints.push(`${message.type()} at ${url}: ${message.text()}`);
  });
  context.on("weberror", (error) => complaints.push(`exception: ${error.error().message}`));
  context.on("response", async (response) => {
    if (!response.url().startsWith(origin) || !/html|json|text\/x-component/.test(response.headers()["content-type"] ?? "")) return;
    const body = await response.text().catch(() => "");
    if (body.includes(MARK)) complaints.push(`a secret in the answer of ${new URL(response.url()).pathname}`);
  });
  return complaints;
}
