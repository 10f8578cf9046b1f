"use server";

import { RedirectType, redirect } from "next/navigation";
import { acting } from "@/app/acting";
import { decided } from "@/app/decided";
import { requireActor } from "@/lib/auth/session";
import { pauseCaller, resumeCaller } from "@/lib/keys/pause-caller";

/** Pauses one caller of one store, or lets it again; back to the page of whoever did it. */
export const callerAction = acting(async (form) => {
  const actor = await requireActor("caller.pause");
  const [id, keyId] = [String(form.get("id") ?? ""), String(form.get("keyId") ?? "")];
  await decided(form.get("act") === "resume" ? resumeCaller(actor, id, keyId) : pauseCaller(actor, id, keyId));
  redirect(`/${actor.role === "merchant" ? "connections" : "support"}/${encodeURIComponent(id)}`, RedirectType.replace);
});
