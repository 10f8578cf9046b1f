import { getTranslations } from "next-intl/server";
import { cache } from "react";
import { decided } from "@/app/decided";
import { platformLabel } from "@/components/connections/platform-text";
import { requireActor } from "@/lib/auth/session";
import { showOffer } from "@/lib/offers/show-offers";

/** A platform, for an admin, and what people call it. */
export const loadOffer = cache(async (slug: string) => {
  const actor = await requireActor("providers.manage");
  const [offer, t, platforms] = await Promise.all([
    decided(showOffer(actor, slug)),
    getTranslations("providers"),
    getTranslations("platforms"),
  ]);
  return { actor, offer, t, platform: platformLabel(platforms, offer) };
});
