import { describe, expect, it } from "vitest";
import type { Connection } from "@/db/connections";
import { everyKind } from "@/lib/alerts/alert-kinds";
import { type OwnerMailKind, ownerMailKinds } from "@/lib/alerts/owner-mail-kinds";
import { locales } from "@/lib/locale";
import { alertMail } from "@/lib/mail/alert-mail";
import { isolated } from "@/lib/mail/isolated";
import { ownerMail } from "@/lib/mail/owner-mail";
import { useEnv } from "@/tests/auth/set-env";
import { BASE_URL, platforms } from "@/tests/support/platforms";

useEnv({ LATCHKEY_URL: BASE_URL });
platforms();

const facts = { offer: "square", count: 3, day: "2026-12-09", code: "invalid_client", minutes: 12 };
const to = "ops@company.example";
const now = new Date("2026-11-20T12:00:00Z");
const connection = {
  id: "con_1",
  offer: "square",
  label: "Riyadh shop",
  accountLabel: null,
  accountId: "ML1",
  state: "needs_reconnect",
  noReturnAt: null,
  expiresAt: null,
} as Connection;

describe.each(locales)("mails in %s", (locale) => {
  it.each(everyKind.flatMap((about) => [["alert.opened", about] as const, ["alert.closed", about] as const]))(
    "%s of %s says what it is about and leads to where it can be seen",
    (kind, about) => {
      const mail = alertMail({ to, locale, kind, facts: { ...facts, about } });
      expect(mail.to).toBe(to);
      expect(mail.text).toMatch(/\n\nhttps:\/\/latchkey\.test\/(health|support|audit)/);
      if (!["worker_silent", "audit_broken", "key_worn"].includes(about)) expect(mail.subject).toContain("Square");
      if (about === "point_of_no_return") expect(mail.subject).toMatch(/9/);
      if (about === "needs_reconnect" || about === "renewal_late") expect(mail.subject).toContain("3");
      expect(mail.text).not.toMatch(/[{}]|undefined|null/);
      expect(mail.html).toContain(`dir="${locale === "ar" ? "rtl" : "ltr"}"`);
    },
  );

  it("over is another message than begun, where it is told at all", () => {
    for (const about of ["incident", "worker_silent"] as const) {
      const [opened, closed] = ["alert.opened", "alert.closed"].map((kind) => alertMail({ to, locale, kind, facts: { ...facts, about } }));
      expect(closed?.subject).not.toBe(opened?.subject);
      expect(closed?.text).toContain("12");
    }
  });

  it("a test says that it is one", () => {
    expect(alertMail({ to, locale, kind: "test", facts: {} }).text).toContain(`${BASE_URL}/alerts`);
  });

  it.each(Object.keys(ownerMailKinds) as OwnerMailKind[])("%s names the store and the platform, and nothing of it is markup", (kind) => {
    const shop = { ...connection, label: `A & <b onclick="x">"shop"</b>` };
    const mail = ownerMail({ to, userId: "usr_1", locale, kind, connection: shop, now });
    expect(mail.subject).toContain(shop.label);
    expect(mail.subject).toContain("Square");
    expect(mail.html).not.toContain("<b onclick");
    expect(mail.html).toContain(`href="${BASE_URL}/connect/square?connection=con_1"`);
    expect(mail.text).toContain(`${BASE_URL}/settings/mail?token=usr_1.${kind}.`);
  });
});

it("a store that nobody named has a name all the same", () => {
  const nameless = { ...connection, label: null, accountId: null };
  expect(ownerMail({ to, userId: "usr_1", locale: "en", kind: "store_needs_you", connection: nameless, now }).subject).not.toMatch(
    /null|undefined/,
  );
});

it("a name that reads the other way is kept whole; one that reads the same way is left as it is", () => {
  expect(isolated("Square", "ar")).toBe("\u2068Square\u2069");
  expect(isolated("Square", "en")).toBe("Square");
  expect(isolated("متجر الأمل", "en")).toBe("\u2068متجر الأمل\u2069");
  expect(isolated("متجر الأمل", "ar")).toBe("متجر الأمل");
});
