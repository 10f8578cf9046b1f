"use server";

import { refresh } from "next/cache";
import { redirect } from "next/navigation";
import { getLocale, getTimeZone, getTranslations } from "next-intl/server";
import { acting, answering } from "@/app/acting";
import { addressPart } from "@/app/address-part";
import { decided } from "@/app/decided";
import type { MadeLink } from "@/components/links/make-link-form";
import { requireActor } from "@/lib/auth/session";
import { viewConnection } from "@/lib/connections/view-connection";
import { AppError } from "@/lib/errors";
import { formatExact } from "@/lib/format";
import { createLink } from "@/lib/links/create-link";
import { revokeLink } from "@/lib/links/revoke-link";
import { localeOfTag } from "@/lib/locale";

/** A link for this store, or for another one of its merchant: shown in this answer and never again. */
export const makeLinkAction = answering<MadeLink>(async (form) => {
  const actor = await requireActor("link.create");
  const store = await decided(viewConnection(actor, String(form.get("connectionId"))));
  const again = form.get("purpose") === "reconnect" ? { connectionId: store.id } : {};
  const [t, locale, timeZone] = await Promise.all([getTranslations("support.links"), getLocale(), getTimeZone()]);
  try {
    const { id, url, expiresAt } = await decided(createLink(actor, { merchant: { id: store.merchantId }, ...again }));
    refresh();
    const time = formatExact(expiresAt, { locale: localeOfTag(locale), timeZone });
    return { id, url, text: t("made.text", { merchant: `\u2068${store.merchantName}\u2069`, time }) };
  } catch (error) {
    if (error instanceof AppError && error.code === "not_reconnectable") return { problem: t("ended") };
    throw error;
  }
});

export const takeBackAction = acting(async (form) => {
  const actor = await requireActor("link.create");
  const done = await decided(revokeLink(actor, String(form.get("linkId")))).then(
    () => "taken_back",
    (error: unknown) => {
      if (error instanceof AppError) return error.code;
      throw error;
    },
  );
  redirect(`/support/${addressPart(String(form.get("connectionId")))}?${new URLSearchParams({ links: done })}#links`);
});
