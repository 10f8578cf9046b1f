"use server";

import { redirect } from "next/navigation";
import { acting } from "@/app/acting";
import { requireActor } from "@/lib/auth/session";
import { AppError } from "@/lib/errors";
import { forgetView } from "@/lib/views/forget-view";
import { saveView } from "@/lib/views/save-view";

/** More than any list's address has, and less than fits into the head of an answer. */
const LONGEST = 4_000;

const backTo = (form: FormData, told: string): never => {
  const asked = new URLSearchParams(String(form.get("query") ?? ""));
  const query = String(asked).length > LONGEST ? new URLSearchParams() : asked;
  query.set("view", told);
  redirect(`/support?${query}`);
};

/** Keeps the list that is shown under a name. */
export const saveViewAction = acting(async (form) => {
  const actor = await requireActor("support.search");
  const refused = await saveView(actor, { name: form.get("name"), query: form.get("query") }).then(
    () => null,
    (error: unknown) => (error instanceof AppError ? error.code : Promise.reject(error)),
  );
  backTo(form, refused ?? "saved");
});

export const forgetViewAction = acting(async (form) => {
  const actor = await requireActor("support.search");
  await forgetView(actor, String(form.get("id")));
  backTo(form, "forgotten");
});
