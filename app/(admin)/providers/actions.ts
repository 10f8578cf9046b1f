"use server";

import { redirect } from "next/navigation";
import { acting } from "@/app/acting";
import { addressPart } from "@/app/address-part";
import { requireActor } from "@/lib/auth/session";
import { AppError } from "@/lib/errors";
import { addSecret, retireSecret, switchSecret } from "@/lib/offers/client-secrets";
import { deleteOffer } from "@/lib/offers/delete-offer";
import { pauseOffer, resumeOffer } from "@/lib/offers/pause-offer";
import { publishOffer, unpublishOffer } from "@/lib/offers/publish-offer";

const manager = () => requireActor("providers.manage");

const text = (form: FormData, name: string) => String(form.get(name) ?? "");
const pathOf = (slug: string) => `/providers/${addressPart(slug)}`;

/** To the page `to`, which says what was done, or back to `from` with what stood against it. */
async function answer(from: string, to: string, work: Promise<unknown>, done: string): Promise<never> {
  const problem = await work.then(
    () => null,
    (error: unknown) => {
      if (error instanceof AppError) return error.code;
      throw error;
    },
  );
  redirect(`${problem === null ? to : from}?${new URLSearchParams(problem === null ? { done } : { problem })}`);
}

export const pauseAction = acting(async (form) => {
  const actor = await manager();
  const slug = text(form, "slug");
  const work = pauseOffer(actor, slug, { reason: text(form, "reason"), hours: text(form, "hours") });
  await answer(pathOf(slug), pathOf(slug), work, "paused");
});

export const resumeAction = acting(async (form) => {
  const actor = await manager();
  const slug = text(form, "slug");
  await answer(pathOf(slug), pathOf(slug), resumeOffer(actor, slug), "resumed");
});

export const publishAction = acting(async (form) => {
  const actor = await manager();
  const slug = text(form, "slug");
  await answer(pathOf(slug), pathOf(slug), publishOffer(actor, slug, text(form, "unproved") === "1"), "published");
});

export const unpublishAction = acting(async (form) => {
  const actor = await manager();
  const slug = text(form, "slug");
  await answer(pathOf(slug), pathOf(slug), unpublishOffer(actor, slug), "unpublished");
});

export const addSecretAction = acting(async (form) => {
  const actor = await manager();
  const slug = text(form, "slug");
  await answer(pathOf(slug), pathOf(slug), addSecret(actor, slug, text(form, "clientSecret")), "secret_added");
});

export const switchSecretAction = acting(async (form) => {
  const actor = await manager();
  const slug = text(form, "slug");
  await answer(pathOf(slug), pathOf(slug), switchSecret(actor, slug, text(form, "secretId")), "secret_switched");
});

export const retireSecretAction = acting(async (form) => {
  const actor = await manager();
  const [slug, secretId] = [text(form, "slug"), text(form, "secretId")];
  const work = retireSecret(actor, slug, secretId, text(form, "typed"));
  await answer(`${pathOf(slug)}/retire/${addressPart(secretId)}`, pathOf(slug), work, "secret_retired");
});

export const deleteAction = acting(async (form) => {
  const actor = await manager();
  const slug = text(form, "slug");
  await answer(`${pathOf(slug)}/delete`, "/providers", deleteOffer(actor, slug, text(form, "typed")), "deleted");
});
