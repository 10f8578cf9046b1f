import type { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import type { AttemptView } from "@/lib/connections/show-attempt";

/** People's own names for a sentence about an attempt, kept apart from the direction of the sentence around them. */
export function outcomeParts(t: ReturnType<typeof useTranslations<"result">>, { store, label, other }: AttemptView) {
  const name = (text: string | null | undefined, otherwise: string) => (): ReactNode => (text ? <bdi>{text}</bdi> : otherwise);
  return { store: name(store?.name ?? label, t("yourStore")), other: name(other, t("anotherStore")) };
}
