import type { LinkActor } from "@/lib/auth/actor";
import { exchange } from "@/lib/connections/exchange";
import { receiveAnswer } from "@/lib/connections/receive-answer";
import { type CreatedLink, createLink } from "@/lib/links/create-link";
import { findLinkActor } from "@/lib/links/find-link-actor";
import { openLink } from "@/lib/links/open-link";
import { keepSecret } from "@/tests/leaks/run-folder";
import { approve, attemptOf, type Platforms, type RedirectSlug, staff, start } from "@/tests/support/journey";

export type LinkBrowser = {
  id: string;
  token: string;
  cookie: (id: string) => string | undefined;
  /** Who the browser is, as the database has it now. */
  actor: () => Promise<LinkActor>;
};

export const tokenOf = ({ url }: Pick<CreatedLink, "url">): string => url.split("/").at(-1) ?? "";

/** A link that staff made, for that merchant. */
export async function aLink(merchantId: string, more: Record<string, unknown> = {}): Promise<CreatedLink> {
  const link = await createLink(await staff("support"), { merchant: { id: merchantId }, ...more });
  keepSecret("connect link", tokenOf(link));
  return link;
}

/** A browser that pressed the button on a link's page. */
export async function browserOf(link: CreatedLink): Promise<LinkBrowser> {
  const token = tokenOf(link);
  const opened = await openLink(token, () => undefined);
  if (!opened?.secret) throw new Error("The link was not given to this browser");
  const { id, secret } = opened;
  const actor = async () => {
    const found = await findLinkActor(id, secret);
    if (!found) throw new Error("The browser is not known");
    return found;
  };
  return { id, token, cookie: (asked) => (asked === id ? secret : undefined), actor };
}

/** The whole way of a redirect platform by a link; resolves to the attempt as it ended. */
export async function connectByLink(at: Platforms, browser: LinkBrowser, slug: RedirectSlug, store?: string, more = {}) {
  const begun = await start(at, await browser.actor(), slug, more);
  const query = await approve(at, slug, begun.url, store);
  const byLink = (id: string) => findLinkActor(id, browser.cookie(id));
  const received = await receiveAnswer(slug, query, begun.cookie, null, byLink);
  if (received.kind !== "result") throw new Error(`The callback was refused at ${slug}`);
  await exchange(await browser.actor(), begun.attemptId, at.open);
  return attemptOf(begun.attemptId);
}
