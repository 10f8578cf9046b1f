import { getTranslations } from "next-intl/server";
import { platformLabel } from "@/components/connections/platform-text";
import { StoreLinks } from "@/components/links/store-links";
import { requireActor } from "@/lib/auth/session";
import { catalogue } from "@/lib/connections/catalogue";
import type { Shown } from "@/lib/connections/show";
import { openLinks } from "@/lib/links/open-links";
import { makeLinkAction, takeBackAction } from "./link-actions";

const told = ["taken_back", "link_over", "link_in_use"] as const;

/** Connect links for the merchant of a store, below what else staff can do about it. */
export async function Links({ shown: { connection, asOf }, done }: { shown: Shown; done: unknown }) {
  const actor = await requireActor("link.create");
  const [links, platforms] = await Promise.all([openLinks(actor, connection.merchantId), getTranslations("platforms")]);
  const offers = catalogue();
  const live = connection.status === "active" || connection.status === "reconnect";
  return (
    <StoreLinks
      connection={connection}
      live={live && offers.some(({ slug }) => slug === connection.offer)}
      links={links}
      platforms={new Map(offers.map((offer) => [offer.slug, platformLabel(platforms, offer)]))}
      make={makeLinkAction}
      takeBack={takeBackAction}
      done={told.find((word) => word === done) ?? null}
      now={asOf}
    />
  );
}
