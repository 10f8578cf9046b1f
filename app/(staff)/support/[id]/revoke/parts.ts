import { getLocale, getTranslations } from "next-intl/server";
import { platformLabel, platformText } from "@/components/connections/platform-text";
import type { RevokeParts } from "@/components/support/acts/revoke-parts";
import { shortCode } from "@/lib/connections/short-code";
import type { Shown } from "@/lib/connections/show";
import { localeOfTag } from "@/lib/locale";
import { isolated } from "@/lib/mail/isolated";
import { revokeCauses } from "./causes";

/** Everything that asks for the revocation of this connection, in the reader's language. */
export async function revokeParts({ connection, siblings }: Shown): Promise<RevokeParts> {
  const [t, row, form, platforms, locale] = await Promise.all([
    getTranslations("support.revoke"),
    getTranslations("support.table"),
    getTranslations("form"),
    getTranslations("platforms"),
    getLocale(),
  ]);
  const name = (text: string | null) => isolated(text ?? row("unnamed"), localeOfTag(locale));
  const store = name(connection.name);
  const parked = connection.connectedAt === null;
  const tokenOnly = !parked && connection.revocation.tokenOnly ? platformText(platforms, connection.provider, "tokenOnly") : null;
  return {
    connectionId: connection.id,
    code: shortCode(connection.id),
    title: t("title", { store }),
    lead: t("lead", { platform: platformLabel(platforms, connection), merchant: name(connection.merchantName) }),
    final: t("final"),
    consequences: parked ? t("parked") : platformText(platforms, connection.provider, "consequences"),
    siblings:
      !parked && siblings.length > 0
        ? {
            title: t("siblings", { count: siblings.length }),
            stores: siblings.map((sibling) => ({
              href: `/support/${sibling.id}`,
              text: t("sibling", { store: name(sibling.name), merchant: name(sibling.merchantName) }),
            })),
          }
        : null,
    causes: [{ value: "", label: t("choose") }, ...revokeCauses.map((cause) => ({ value: cause, label: t(`cause.${cause}`) }))],
    reaches: tokenOnly
      ? [
          { value: "authorization", label: t("everything"), hint: t("everythingHint") },
          { value: "token", label: t("thisAlone"), hint: tokenOnly },
        ]
      : [],
    texts: {
      problem: form("problem"),
      errorTitle: form("errorTitle", { title: "%s" }),
      cause: t("reason"),
      details: t("details"),
      detailsHint: t("detailsHint"),
      ticket: t("ticket"),
      optional: t("optional"),
      reach: t("reach"),
      confirm: t("confirm"),
      confirmHint: t("confirmHint"),
      submit: t("submit", { store }),
      cancel: t("cancel"),
    },
  };
}
