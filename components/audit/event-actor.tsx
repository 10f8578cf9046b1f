import { useTranslations } from "next-intl";
import type { EventView } from "@/lib/audit/event-view";

/** Who did it: a person by name, a key or a link by its kind and name, else in words. */
export function EventActor({ actor }: Pick<EventView, "actor">) {
  const t = useTranslations("audit.actorKind");
  if (actor.kind === "user") return <bdi className="wrap-anywhere">{actor.name || actor.id}</bdi>;
  if (actor.kind === "key" || actor.kind === "link")
    return (
      <>
        {t(actor.kind)} <bdi className="wrap-anywhere">{actor.name || actor.id}</bdi>
      </>
    );
  const id = (["platform", "command"] as const).find((one) => one === actor.id);
  return t(id ?? "system");
}
