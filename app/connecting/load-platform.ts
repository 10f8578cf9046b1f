import { getTranslations } from "next-intl/server";
import { decided } from "@/app/decided";
import { platformLabel } from "@/components/connections/platform-text";
import type { Connector } from "@/lib/auth/actor";
import { catalogueEntry } from "@/lib/connections/catalogue";

type Query = Record<string, string | string[] | undefined>;

/** One platform's page and what it is called, whoever asks. */
export async function loadPlatform(actor: Connector, slug: string, query: Query) {
  const entry = await decided(catalogueEntry(actor, slug, query));
  const [t, platforms] = await Promise.all([getTranslations("connect"), getTranslations("platforms")]);
  const { target, offer } = entry;
  const store = target?.name;
  const plain = { store: () => store ?? "" };
  const platform = platformLabel(platforms, offer);
  const title = !target ? t("entry.title", { platform }) : store ? t.markup("entry.reconnect", plain) : t("entry.reconnectUnnamed");
  return { entry, title, tab: `${title} — ${t("title")}`, back: t("back") };
}
