"use server";

import { redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { answering } from "@/app/acting";
import { decided } from "@/app/decided";
import type { OfferAnswer } from "@/components/providers/offer-form";
import type { UserActor } from "@/lib/auth/actor";
import { requireActor } from "@/lib/auth/session";
import { checkEndpoints } from "@/lib/offers/check-endpoints";
import { discoverEndpoints } from "@/lib/offers/discover-endpoints";
import { offerFields } from "@/lib/offers/offer-input";
import { createOffer, editOffer } from "@/lib/offers/save-offer";
import { faultMessages } from "./fault-messages";

/** Saves, or finds or checks addresses; whatever was typed but the secret comes back. `edited`: the platform that is changed. */
async function answer(edited: boolean, form: FormData, nth: number): Promise<OfferAnswer> {
  const actor = await requireActor("providers.manage");
  const text = (name: string) => String(form.get(name) ?? "");
  const values = Object.fromEntries([...offerFields, "version"].map((name) => [name, text(name)]));
  const next = { answer: nth, errors: [], values, told: null, findings: [] };
  const intent = text("intent");
  const saved =
    intent === "discover" || intent === "check" ? null : await save(edited, actor, { ...values, clientSecret: text("clientSecret") });
  if (saved?.kind === "saved") redirect(`/providers/${saved.slug}?done=${edited ? "edited" : "created"}`);
  const t = await getTranslations("providers.form");
  const again = text("clientSecret") === "" ? null : t("secretAgain");
  if (saved?.kind === "changed") return { ...next, errors: [{ message: t("changed") }], told: again };
  if (saved) return { ...next, errors: faultMessages(t, saved.faults), told: again };
  if (intent === "discover") {
    const found = await discoverEndpoints(actor, text("issuer").trim());
    if ("found" in found) return { ...next, values: { ...values, ...found.found }, told: [t("found"), again].filter(Boolean).join(" ") };
    return { ...next, told: again, findings: [{ label: t("field.issuer"), text: t(`finding.${found.finding}`), good: false }] };
  }
  const checked = await checkEndpoints(actor, values);
  const findings = checked.map(({ endpoint, finding }) => ({
    label: t(`field.${endpoint}`),
    text: t(`finding.${finding}`),
    good: finding === "good",
  }));
  return { ...next, findings, told: findings.length > 0 ? again : t("nothing") };
}

function save(edited: boolean, actor: UserActor, input: Record<string, string>) {
  return decided(edited ? editOffer(actor, input.slug ?? "", input) : createOffer(actor, input));
}

export const createAction = answering<OfferAnswer>((form, nth) => answer(false, form, nth));

export const editAction = answering<OfferAnswer>((form, nth) => answer(true, form, nth));
