import { listDestinations } from "@/db/alert-destinations";
import { listRules } from "@/db/alert-rules";
import { openAlerts } from "@/db/alerts";
import { database } from "@/db/client";
import { readClock } from "@/db/read-clock";
import type { Actor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { isLocale, type Locale } from "@/lib/locale";
import { alertTexts } from "@/lib/mail/alert-texts";
import { type AlertKind, DAY_MINUTES, everyKind, usualThreshold } from "./alert-kinds";
import { alertPath } from "./alert-path";
import { maskedAddress } from "./shown-address";

export type RuleView = { kind: AlertKind; enabled: boolean; threshold: number; windowMinutes: number };
/** Never with a secret. */
export type DestinationView = {
  id: string;
  kind: "email" | "webhook";
  address: string;
  locale: Locale;
  off: boolean;
  /** Until when two secrets are good. */
  twoUntil: Date | null;
  rules: RuleView[];
};
export type OpenAlertView = { id: string; headline: string; path: string; openedAt: Date };
export type AlertsView = { destinations: DestinationView[]; open: OpenAlertView[]; asOf: Date };

/** Who is told of what, and what is open now. */
export async function showAlerts(actor: Actor, language: Locale): Promise<AlertsView> {
  authorize(actor, "alerts.manage");
  const db = database();
  const [rows, rules, open, asOf] = await Promise.all([listDestinations(db), listRules(db), openAlerts(db), readClock(db)]);
  const destinations = rows.map(
    ({ id, kind, address, locale, disabledAt, previousUntil }): DestinationView => ({
      id,
      kind,
      address: maskedAddress(kind, address),
      locale: isLocale(locale) ? locale : "en",
      off: disabledAt !== null,
      twoUntil: previousUntil && previousUntil > asOf ? previousUntil : null,
      rules: everyKind.map((about) => {
        const rule = rules.find((one) => one.destinationId === id && one.kind === about);
        const { enabled = false, threshold = usualThreshold(about), windowMinutes = DAY_MINUTES } = rule ?? {};
        return { kind: about, enabled, threshold, windowMinutes };
      }),
    }),
  );
  const shown = open.map(({ id, kind, facts, openedAt }): OpenAlertView => {
    const texts = alertTexts("alert.opened", { ...facts, about: kind }, language, asOf);
    return { id, openedAt, headline: texts?.subject ?? kind, path: alertPath(kind, facts) };
  });
  return { destinations, open: shown, asOf };
}
