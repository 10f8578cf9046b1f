"use server";

import { RedirectType, redirect } from "next/navigation";
import { acting } from "@/app/acting";
import { decided } from "@/app/decided";
import { requireActor } from "@/lib/auth/session";
import { log } from "@/lib/log";
import { carryOutTry } from "@/lib/offers/carry-out-try";
import { findTrySlug } from "@/lib/offers/show-try";

/** Carries a dry run out, once whoever asks; the page tells how it came out. */
export const finishTryAction = acting(async (form) => {
  const actor = await requireActor("providers.manage");
  const id = String(form.get("attemptId") ?? "");
  const slug = await decided(findTrySlug(actor, id));
  // What breaks here is given back and erased by the job.
  await carryOutTry(actor, id).catch((error: unknown) => log.error("try_failed", error, { try: id }));
  redirect(`/providers/${slug}/try/${id}`, RedirectType.replace);
});
