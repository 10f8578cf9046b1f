"use server";

import { redirect } from "next/navigation";
import { acting, answering } from "@/app/acting";
import { decided } from "@/app/decided";
import type { KeyAnswer, KeyValues } from "@/components/keys/key-form";
import type { Replaced } from "@/components/keys/replace-form";
import type { UserActor } from "@/lib/auth/actor";
import { requireActor } from "@/lib/auth/session";
import { AppError } from "@/lib/errors";
import { createKey } from "@/lib/keys/create-key";
import { endKey } from "@/lib/keys/end-key";
import { namedMerchants } from "@/lib/keys/named-merchants";
import { replaceKey } from "@/lib/keys/replace-key";
import { faultsOf } from "./words";

const manager = () => requireActor("keys.manage");

const text = (form: FormData, name: string) => String(form.get(name) ?? "");
const texts = (form: FormData, name: string) => form.getAll(name).map(String);

/** Answers in the page itself: a key is shown in this one answer and stands in no address. */
export const createAction = answering<KeyAnswer>(async (form, answer) => {
  const actor = await manager();
  const values = {
    name: text(form, "name"),
    scopes: texts(form, "scopes"),
    merchants: text(form, "merchants"),
    offers: texts(form, "offers"),
    days: text(form, "days"),
    perSecond: text(form, "perSecond"),
  };
  try {
    return { answer, token: (await make(actor, values)).token, errors: [], values: null };
  } catch (error) {
    return { answer, token: null, errors: await faultsOf(error), values };
  }
});

async function make(actor: UserActor, { name, scopes, merchants, offers, days, perSecond }: KeyValues) {
  return createKey(actor, {
    name,
    scopes,
    merchantIds: await namedMerchants(actor, merchants),
    offers: offers.length > 0 ? offers : null,
    days: days === "never" ? null : Number(days),
    requestsPerSecond: Number(perSecond),
  });
}

export const replaceAction = answering<Replaced>(async (form) => {
  const actor = await manager();
  const days = text(form, "overlap");
  const input = { keyId: text(form, "keyId"), overlapDays: days === "hand" ? null : Number(days) };
  const made = await decided(replaceKey(actor, input)).catch((error: unknown) => {
    if (error instanceof AppError) redirect(`/keys?problem=${error.code}`);
    throw error;
  });
  return { token: made.token };
});

export const revokeAction = acting(async (form) => {
  const actor = await manager();
  const keyId = text(form, "keyId");
  const problem = await decided(
    endKey(actor, keyId, text(form, "typed")).then(
      () => null,
      (error: unknown) => {
        if (error instanceof AppError && error.status !== 404) return error.code;
        throw error;
      },
    ),
  );
  if (problem === "name") redirect(`/keys/${encodeURIComponent(keyId)}/revoke?problem=name`);
  redirect(problem === null ? "/keys?done=revoked" : `/keys?problem=${problem}`);
});
