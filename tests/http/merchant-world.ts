import { beforeAll, beforeEach } from "vitest";
import { POST } from "@/app/api/oauth/[provider]/start/route";
import type { NextWorld } from "@/tests/auth/next-world";
import { makeMerchant, makePerson, resetClock } from "@/tests/auth/people";
import { approve, type RedirectSlug } from "@/tests/support/journey";
import { BASE_URL, platforms } from "@/tests/support/platforms";

const holder = globalThis as { latchkeyFetch?: unknown };

/** All platforms behind the default way out, a merchant whose person is signed in, and that person's browser. */
export function merchantWorld(next: NextWorld) {
  const at = platforms();
  const people = { merchantId: "", id: "", token: "" };

  beforeAll(async () => {
    holder.latchkeyFetch = at.fetch;
    people.merchantId = await makeMerchant("Nile Books");
    Object.assign(people, await makePerson("amal@nile.example", "member", people.merchantId));
  });

  beforeEach(async () => {
    await resetClock();
    next.forget();
    next.headers = { host: "latchkey.test", origin: BASE_URL };
    signIn(people.token);
    for (const simulator of Object.values(at.simulators)) simulator.ledger.clear();
  });

  function signIn(token: string): void {
    next.jar.set("__Host-latchkey.session", token);
  }

  /** The form's POST; a browser keeps the answer's cookies. */
  async function press(slug: string, form: Record<string, string> = {}, headers: Record<string, string> = {}): Promise<Response> {
    const request = next.request(`/api/oauth/${slug}/start`, { method: "POST", form, headers });
    return next.take(await POST(request, { params: Promise.resolve({ provider: slug }) }));
  }

  /** Starts and approves; resolves to what the platform sends the browser back with. */
  async function comeBack(slug: RedirectSlug, decision?: "approve" | "deny"): Promise<{ attemptId: string; query: URLSearchParams }> {
    const html = await (await press(slug)).text();
    const attemptId = flowAttempts(next).at(-1) ?? "";
    return { attemptId, query: await approve(at, slug, destinationOf(html), undefined, decision) };
  }

  /** What the platforms were asked with something of the merchant's in it. */
  const asked = () =>
    Object.values(at.simulators)
      .flatMap((simulator) => simulator.ledger.calls)
      .map((call) => call.name)
      .filter((name) => !["authorize", "consent", "decide", "metadata", "login", "whoami"].includes(name));

  return { at, people, signIn, press, comeBack, asked };
}

/** The attempts that this browser holds a cookie of, oldest first. */
export function flowAttempts(next: NextWorld): string[] {
  return [...next.jar.keys()].flatMap((name) => /^__Host-latchkey\.flow\.(att_\w+)$/.exec(name)?.[1] ?? []);
}

/** Where our own page leads. */
export function destinationOf(html: string): string {
  const url = /http-equiv="refresh" content="0;url=([^"]+)"/.exec(html)?.[1];
  if (!url) throw new Error("The page leads nowhere");
  return url.replaceAll("&amp;", "&").replaceAll("&#39;", "'").replaceAll("&quot;", '"');
}
