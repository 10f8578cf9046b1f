import { useTranslations } from "next-intl";
import { ButtonLink } from "@/components/ui/button-link";
import type { ConnectionView } from "@/lib/connections/view";
import { storeHref } from "./store-platform";

// The one thing that the owner of a store has to do; nothing where there is nothing to do.
export function StoreAction({ connection, prominent = false }: { connection: ConnectionView; prominent?: boolean }) {
  const t = useTranslations("connections");
  const { state, offer, id, name } = connection;
  const todo = {
    pending: { label: t("finish"), href: storeHref(connection) },
    needs_reconnect: { label: t("reconnect"), href: `/connect/${offer}?connection=${id}` },
    expiring_soon: { label: t("reconnect"), href: `/connect/${offer}?connection=${id}` },
    revoked: { label: t("again"), href: `/connect/${offer}` },
  };
  if (!(state in todo)) return null;
  const { label, href } = todo[state as keyof typeof todo];
  return (
    <ButtonLink
      href={href}
      prefetch={false}
      className="whitespace-nowrap"
      tone={state === "revoked" ? (prominent ? "secondary" : "quiet") : prominent ? "primary" : "secondary"}
    >
      {label} <span className="sr-only">{name ?? t("unnamed")}</span>
    </ButtonLink>
  );
}
