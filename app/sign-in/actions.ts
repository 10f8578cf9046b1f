"use server";

import { redirect } from "next/navigation";
import { askForLink } from "@/lib/auth/ask-for-link";
import { openAsFirstAdmin } from "@/lib/auth/open-as-first-admin";
import { assertSameOrigin } from "@/lib/auth/origin";
import { returnPath } from "@/lib/auth/return-path";

export async function askForLinkAction(form: FormData): Promise<void> {
  await assertSameOrigin();
  const answer = await askForLink({ email: form.get("email"), to: form.get("to") });
  const query = new URLSearchParams({ to: returnPath(form.get("to")) });
  if (answer !== "sent") query.set("notice", answer === "no_mail" ? "no_mail" : "email");
  redirect(`${answer === "sent" ? "/sign-in/sent" : "/sign-in"}?${query}`);
}

export async function firstAdminAction(form: FormData): Promise<void> {
  await assertSameOrigin();
  const token = String(form.get("token") ?? "");
  const answer = await openAsFirstAdmin({ token, name: form.get("name"), email: form.get("email") });
  redirect(answer === "in" ? "/" : `/sign-in/first?${new URLSearchParams(answer === "dead" ? {} : { token, problem: answer })}`);
}
