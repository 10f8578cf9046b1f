import { useLocale, useNow, useTimeZone, useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { formatDate, formatRelative } from "@/lib/format";
import { localeOfTag } from "@/lib/locale";
import type { Audience, State } from "./state-words";

type Props = {
  state: State;
  audience: Audience;
  // what the sentence turns on: renews at, runs out at, last day to renew, next try
  date?: Date;
  now?: Date;
  // the one thing to do, when there is one: a button or a link
  action?: ReactNode;
  // first on a page of its own, rather than a line among others
  lead?: boolean;
};

// One sentence on who has to act, and the thing to do. Says "nothing to do" where that is so.
export function NextAction({ state, audience, date, now, action, lead = false }: Props) {
  const t = useTranslations(`nextAction.${audience}`);
  const requestNow = useNow();
  const context = { locale: localeOfTag(useLocale()), timeZone: useTimeZone() ?? "UTC", now: now ?? requestNow };
  const spoken = date && (state === "refresh_failing" ? formatRelative(date, context) : formatDate(date, context));
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-3">
      <p className={`min-w-0 grow basis-64 ${lead ? "text-lg font-medium" : action ? "" : "text-muted"}`}>
        {t(state, { dated: spoken ? "yes" : "no", date: spoken ?? "" })}
      </p>
      {action}
    </div>
  );
}
