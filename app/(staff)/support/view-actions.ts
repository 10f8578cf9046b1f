"use server";

import { redirect } from "next/navigation";
import { assertSameOrigin } from "@/lib/auth/origin";
import { requireActor } from "@/lib/auth/session";
import { AppError } from "@/lib/errors";
import { forgetView } from "@/lib/views/forget-view";
import { saveView } from "@/lib/views/save-view";

const backTo = (form: FormData, told: string): never => {
  const query = new URLSearchParams(String(form.get("query") ?? ""));
  query.set("view", told);
  redirect(`/support?${query}`);
};

/** Keeps the list that is shown under a name. */
export async function saveViewAction(form: FormData): Promise<void> {
  await assertSameOrigin();
  const actor = await requireActor("support.search");
  const refused = await saveView(actor, { name: form.get("name"), query: form.get("query") }).then(
    () => null,
    (error: unknown) => (error instanceof AppError ? error.code : Promise.reject(error)),
  );
  backTo(form, refused ?? "saved");
}

export async function forgetViewAction(form: FormData): Promise<void> {
  await assertSameOrigin();
  const actor = await requireActor("support.search");
  await forgetView(actor, String(form.get("id")));
  backTo(form, "forgotten");
}
