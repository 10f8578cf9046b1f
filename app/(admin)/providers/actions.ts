"use server";

import { redirect } from "next/navigation";
import { assertSameOrigin } from "@/lib/auth/origin";
import { requireActor } from "@/lib/auth/session";
import { AppError } from "@/lib/errors";
import { addSecret, retireSecret, switchSecret } from "@/lib/offers/client-secrets";
import { deleteOffer } from "@/lib/offers/delete-offer";
import { pauseOffer, resumeOffer } from "@/lib/offers/pause-offer";
import { publishOffer, unpublishOffer } from "@/lib/offers/publish-offer";

async function manager() {
  await assertSameOrigin();
  return requireActor("providers.manage");
}

const text = (form: FormData, name: string) => String(form.get(name) ?? "");
const pathOf = (slug: string) => `/providers/${encodeURIComponent(slug)}`;

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

export async function pauseAction(form: FormData): Promise<void> {
  const actor = await manager();
  const slug = text(form, "slug");
  const work = pauseOffer(actor, slug, { reason: text(form, "reason"), hours: text(form, "hours") });
  await answer(pathOf(slug), pathOf(slug), work, "paused");
}

export async function resumeAction(form: FormData): Promise<void> {
  const actor = await manager();
  const slug = text(form, "slug");
  await answer(pathOf(slug), pathOf(slug), resumeOffer(actor, slug), "resumed");
}

export async function publishAction(form: FormData): Promise<void> {
  const actor = await manager();
  const slug = text(form, "slug");
  await answer(pathOf(slug), pathOf(slug), publishOffer(actor, slug, text(form, "unproved") === "1"), "published");
}

export async function unpublishAction(form: FormData): Promise<void> {
  const actor = await manager();
  const slug = text(form, "slug");
  await answer(pathOf(slug), pathOf(slug), unpublishOffer(actor, slug), "unpublished");
}

export async function addSecretAction(form: FormData): Promise<void> {
  const actor = await manager();
  const slug = text(form, "slug");
  await answer(pathOf(slug), pathOf(slug), addSecret(actor, slug, text(form, "clientSecret")), "secret_added");
}

export async function switchSecretAction(form: FormData): Promise<void> {
  const actor = await manager();
  const slug = text(form, "slug");
  await answer(pathOf(slug), pathOf(slug), switchSecret(actor, slug, text(form, "secretId")), "secret_switched");
}

export async function retireSecretAction(form: FormData): Promise<void> {
  const actor = await manager();
  const [slug, secretId] = [text(form, "slug"), text(form, "secretId")];
  const work = retireSecret(actor, slug, secretId, text(form, "typed"));
  await answer(`${pathOf(slug)}/retire/${encodeURIComponent(secretId)}`, pathOf(slug), work, "secret_retired");
}

export async function deleteAction(form: FormData): Promise<void> {
  const actor = await manager();
  const slug = text(form, "slug");
  await answer(`${pathOf(slug)}/delete`, "/providers", deleteOffer(actor, slug, text(form, "typed")), "deleted");
}
