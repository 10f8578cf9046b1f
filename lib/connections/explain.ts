import { createTranslator } from "next-intl";
import { formatDate } from "@/lib/format";
import { intlTag, type Locale } from "@/lib/locale";
import { isolated } from "@/lib/mail/isolated";
import { messagesFor } from "@/lib/messages/messages-for";
import { platformName } from "@/lib/offers/platform-name";
import type { ConnectionView } from "./view";

/**
 * How a connection stands and what its owner can do, in sentences that its owner understands: staff pass them on, in either language whatever
 * their own is. Says no more than is known.
 */
export function explain(connection: ConnectionView, locale: Locale, { timeZone, now }: { timeZone: string; now: Date }): string {
  const messages = messagesFor(locale);
  const t = createTranslator({ locale: intlTag(locale), messages, namespace: "explain" });
  const at = dateOf(connection, now);
  return t(kindOf(connection), {
    store: isolated(connection.name ?? messages.connections.unnamed, locale),
    platform: isolated(platformName(connection.offer, locale), locale),
    dated: at ? "yes" : "no",
    date: at ? formatDate(at, { locale, timeZone, now }) : "",
  });
}

/** Codes of refusals that an owner can be told more of than that they happened. */
const REFUSALS = ["access_removed", "account_changed", "outcome_lost"] as const;

/** In these states something is said to be under way, which an admin may hold back. */
const UNDER_WAY = ["expired_renewable", "refresh_failing", "unknown"] as const;
const isUnderWay = (state: ConnectionView["state"]) => UNDER_WAY.some((one) => one === state);

function kindOf({ state, status, troubleCode, revoked, paused }: ConnectionView) {
  if (paused && isUnderWay(state)) return state === "expired_renewable" ? "held.expired_renewable" : "held.other";
  if (state === "revoked" && status === "revoking") return "revoked.waiting";
  if (state === "revoked") return revoked?.confirmed === "local" ? "revoked.local" : "revoked.confirmed";
  if (state === "pending") return troubleCode === "held_elsewhere" ? "pending.held_elsewhere" : "pending.unfinished";
  if (state === "needs_reconnect") return `needs_reconnect.${REFUSALS.find((code) => code === troubleCode) ?? "other"}` as const;
  return state;
}

/** The moment that the sentence turns on, where one is known. */
function dateOf({ state, renewsAt, ownerEndAt, expiresAt, troubleAt, revoked, paused }: ConnectionView, now: Date): Date | null {
  if (paused && isUnderWay(state)) return paused.until;
  switch (state) {
    case "healthy":
      return renewsAt && renewsAt > now ? renewsAt : null;
    case "expiring_soon":
      return ownerEndAt;
    case "expired_renewable":
      return expiresAt;
    case "needs_reconnect":
      return troubleAt;
    case "revoked":
      return revoked?.at ?? null;
    default:
      return null;
  }
}
