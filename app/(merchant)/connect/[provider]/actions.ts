"use server";

import { redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { answering } from "@/app/acting";
import { decided } from "@/app/decided";
import { connectBase } from "@/components/connect/connect-base";
import type { CredentialsAnswer } from "@/components/connect/credentials-form";
import { fieldId } from "@/components/connect/field-id";
import { refusalMessages } from "@/components/connect/refusal-messages";
import { requireConnector } from "@/lib/auth/connector";
import { catalogueEntry } from "@/lib/connections/catalogue";
import { connectCredentials } from "@/lib/connections/connect-credentials";
import { failureOf } from "@/lib/failure";

/** Proves what was typed and leads to the result; what is refused comes back by field, with everything typed but the secrets. */
export const connectAction = answering<CredentialsAnswer>(async (form, nth) => {
  const text = (name: string) => {
    const value = form.get(name);
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  const link = text("link") ?? null;
  const actor = await requireConnector(link, "connection.connect");
  const { offer } = await decided(catalogueEntry(actor, text("offer") ?? ""));
  const values = Object.fromEntries(offer.fields.map(({ name }) => [name, text(fieldId(name)) ?? ""]));
  const store = { merchantId: text("merchantId"), connectionId: text("connectionId"), label: text("label") };
  const submitted = await decided(connectCredentials(actor, { offer: offer.slug, values, ...store })).catch((error: unknown) => {
    const { code } = failureOf(error);
    if (code === "link_over") redirect(`/by-link/${link}/closed`);
    if (code === "bad_form") return null;
    throw error;
  });
  if (submitted?.kind === "attempt") redirect(`${connectBase(link)}/result/${submitted.attemptId}`);
  const [t, platforms] = await Promise.all([getTranslations("connect"), getTranslations("platforms")]);
  const open = offer.fields.filter(({ kind }) => kind !== "secret").map(({ name }) => [fieldId(name), values[name] ?? ""]);
  return {
    answer: nth,
    errors: refusalMessages(t, platforms, offer, submitted),
    values: { ...Object.fromEntries(open), label: store.label ?? "", merchantId: store.merchantId ?? "" },
  };
});
