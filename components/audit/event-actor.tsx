import { useTranslations } from "next-intl";
import type { EventView } from "@/lib/audit/event-view";

/** Who did it: a person by name, else in words. */
export function EventActor({ actor }: Pick<EventView, "actor">) {
  const t = useTranslations("audit.actorKind");
  if (actor.kind === "user") return <bdi className="wrap-anywhere">{actor.name || actor.id}</bdi>;
  const id = (["platform", "command"] as const).find((one) => one === actor.id);
  return t(id ?? "system");
}
