import { createTranslator } from "next-intl";
import type { Connection } from "@/db/connections";
import type { OwnerMailKind } from "@/lib/alerts/owner-mail-kinds";
import { reconnectPath } from "@/lib/connections/reconnect-path";
import { env } from "@/lib/env";
import { formatDate } from "@/lib/format";
import { intlTag, type Locale } from "@/lib/locale";
import { messagesFor } from "@/lib/messages/messages-for";
import { platformName } from "@/lib/offers/platform-name";
import { isolated } from "./isolated";
import { mailHtml, mailText } from "./mail-html";
import type { Mail } from "./send-mail";
import { unsubscribeHeaders } from "./unsubscribe-headers";
import { unsubscribeToken } from "./unsubscribe-token";

type Message = { to: string; userId: string; locale: Locale; kind: OwnerMailKind; connection: Connection; now: Date };

/** To a merchant's person whose store needs them. The link holds no secret: whoever opens it signs in and comes back to that page. */
export function ownerMail({ to, userId, locale, kind, connection, now }: Message): Mail {
  const messages = messagesFor(locale);
  const t = createTranslator({ locale: intlTag(locale), messages, namespace: "mail.owner" });
  const { origin } = new URL(env().LATCHKEY_URL);
  const name = connection.label ?? connection.accountLabel ?? connection.accountId ?? messages.connections.unnamed;
  const platform = isolated(platformName(connection.offer, locale), locale);
  const store = isolated(name, locale);
  const end = connection.noReturnAt ?? connection.expiresAt;
  const date = end && end > now ? formatDate(end, { locale, timeZone: "UTC", now }) : null;
  const soon = connection.state === "expiring_soon" && date !== null;
  const token = unsubscribeToken(userId, kind);
  const section = {
    locale,
    lines: [soon ? t("soon", { store, platform, date }) : t("over", { store, platform }), t("how"), t(`${kind}.again`)],
    link: { label: t("button", { store }), url: origin + reconnectPath(connection) },
    foot: { label: t("stop"), url: `${origin}/settings/mail?token=${token}` },
  };
  const subject = t(`${kind}.subject`, { store, platform });
  const headers = unsubscribeHeaders(origin, token);
  return { to, subject, text: mailText([section]), html: mailHtml(subject, [section]), headers };
}
