import { redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { cache } from "react";
import { decided } from "@/app/decided";
import { requireActor } from "@/lib/auth/session";
import { showKey } from "@/lib/keys/show-keys";

/** A key that can still be acted on. What has ended is told of on the list. */
export const loadKey = cache(async (id: string) => {
  const actor = await requireActor("keys.manage");
  const [shown, t] = await Promise.all([decided(showKey(actor, id)), getTranslations("keys")]);
  if (["revoked", "expired"].includes(shown.key.state)) redirect("/keys?problem=key_ended");
  return { ...shown, t };
});
