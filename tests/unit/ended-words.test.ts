import { NextIntlClientProvider } from "next-intl";
import { createElement, type ReactElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, test } from "vitest";
import { EndedNote } from "@/components/connections/ended-note";
import { EndedNotice } from "@/components/support/ended-notice";
import type { Shown } from "@/lib/connections/show";
import type { ConnectionView } from "@/lib/connections/view";
import { locales } from "@/lib/locale";
import { messagesFor } from "@/lib/messages/messages-for";
import { registry } from "@/lib/providers/registry";

const NOW = new Date("2026-11-20T12:00:00Z");
const platforms = Object.keys(registry);

function ended(
  provider: string,
  revoked: Partial<NonNullable<ConnectionView["revoked"]>>,
  status: ConnectionView["status"] = "revoked",
): ConnectionView {
  const told = { at: NOW, confirmed: null, tries: 1, reach: "authorization", erasedAt: null, inBackupsUntil: null, ...revoked };
  return {
    provider,
    platformName: null,
    status,
    trouble: "transient",
    troubleCode: "http_503",
    accountId: "acct-1",
    revoked: told,
  } as unknown as ConnectionView;
}

/** What a person reads, tags taken off. */
function read(locale: (typeof locales)[number], element: ReactElement): string {
  const messages = messagesFor(locale);
  const html = renderToStaticMarkup(
    createElement(NextIntlClientProvider, { locale, messages, timeZone: "UTC", now: NOW } as never, element),
  );
  return html
    .replace(/<[^>]+>/g, " ")
    .replaceAll("&quot;", '"')
    .replaceAll("&#x27;", "'")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&")
    .replace(/\s+/g, " ")
    .trim();
}

const toMerchant = (locale: (typeof locales)[number], connection: ConnectionView) =>
  read(locale, createElement(EndedNote, { connection, now: NOW }));
const toStaff = (locale: (typeof locales)[number], connection: ConnectionView) => {
  const shown = { connection, timeline: [], siblings: [], holder: null, asOf: NOW } as unknown as Shown;
  const { revoked } = connection;
  if (!revoked) throw new Error("Not ended");
  return read(locale, createElement(EndedNotice, { shown, revoked, again: false }));
};

describe.each(locales)("in %s", (locale) => {
  const texts = messagesFor(locale) as unknown as { platforms: Record<string, { name: string; byHand: string }> };

  test.each(platforms)(
    "V-07: %s: erased here and not told there: both read what is left to do by hand, and no word of a confirmation",
    (provider) => {
      const connection = ended(provider, { confirmed: "local" });
      const own = texts.platforms[provider];
      for (const words of [toMerchant(locale, connection), toStaff(locale, connection)]) {
        expect(own?.byHand.length).toBeGreaterThan(20);
        expect(words).toContain(own?.byHand);
      }
      const confirmed = ended(provider, { confirmed: "remote" });
      for (const words of [toMerchant(locale, confirmed), toStaff(locale, confirmed)]) expect(words).not.toContain(own?.byHand);
    },
  );

  test.each(platforms)("V-02: %s: not confirmed yet: both read so, staff how often it was tried and why", (provider) => {
    const waiting = ended(provider, { tries: 7 }, "revoking");
    const done = ended(provider, { confirmed: "remote" });
    for (const of of [toMerchant, toStaff]) expect(of(locale, waiting)).not.toBe(of(locale, done));
    expect(toStaff(locale, waiting)).toMatch(/7|٧/);
  });

  test("S-45: erased here and perhaps not in backups: both read until when, or that nobody knows, and nothing of it before the erasure", () => {
    const day = 86_400_000;
    const said = (erased: boolean, days: number | null) => {
      const erasedAt = erased ? new Date(NOW.getTime() - 3 * day) : null;
      const inBackupsUntil = days === null ? null : new Date(NOW.getTime() + days * day);
      return [toMerchant, toStaff].map((of) => of(locale, ended("square", { confirmed: "remote", erasedAt, inBackupsUntil })));
    };
    const [none, until, over, unknown] = [said(false, null), said(true, 27), said(true, -1), said(true, null)];
    expect(new Set([...none, ...until, ...over, ...unknown]).size).toBe(8);
    for (const words of until) expect(words).toContain("17");
    for (const words of over) expect(words).toContain("19");
    const { connection } = messagesFor(locale);
    for (const words of unknown) expect(words).toContain(connection.backups.unknown);
    for (const words of none) expect(words).not.toContain(connection.backups.unknown);
  });

  test("V-05: ended together with a sibling is told as that", () => {
    const sibling = ended("square", { confirmed: "sibling" });
    const others = (["remote", "local"] as const).map((confirmed) => ended("square", { confirmed }));
    for (const of of [toMerchant, toStaff]) expect(others.map((other) => of(locale, other))).not.toContain(of(locale, sibling));
  });
});
