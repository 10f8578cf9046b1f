"use server";

import { redirect } from "next/navigation";
import { acting } from "@/app/acting";
import { askForLink } from "@/lib/auth/ask-for-link";
import { openAsFirstAdmin } from "@/lib/auth/open-as-first-admin";
import { returnPath } from "@/lib/auth/return-path";

export const askForLinkAction = acting(async (form) => {
  const answer = await askForLink({ email: form.get("email"), to: form.get("to") });
  const query = new URLSearchParams({ to: returnPath(form.get("to")) });
  if (answer !== "sent") query.set("notice", answer === "no_mail" ? "no_mail" : "email");
  redirect(`${answer === "sent" ? "/sign-in/sent" : "/sign-in"}?${query}`);
});

export const firstAdminAction = acting(async (form) => {
  const token = String(form.get("token") ?? "");
  const answer = await openAsFirstAdmin({ token, name: form.get("name"), email: form.get("email") });
  redirect(answer === "in" ? "/" : `/sign-in/first?${new URLSearchParams(answer === "dead" ? {} : { token, problem: answer })}`);
});
