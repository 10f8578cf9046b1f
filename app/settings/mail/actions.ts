"use server";

import { redirect } from "next/navigation";
import { acting } from "@/app/acting";
import { decided } from "@/app/decided";
import { requireActor } from "@/lib/auth/session";
import { readerOfActor, readerOfLink, setMailWanted } from "@/lib/people/mail-settings";

/** By a mail's link, or by whoever is signed in. */
export const mailAction = acting(async (form) => {
  const token = form.get("token");
  const linked = readerOfLink(token);
  const reader = linked ?? readerOfActor(await requireActor());
  const wanted = form.get("wanted") === "yes";
  await decided(setMailWanted(reader, form.get("kind"), wanted));
  const query = new URLSearchParams({ ...(linked ? { token: String(token) } : {}), done: wanted ? "started" : "stopped" });
  redirect(`/settings/mail?${query}`);
});
