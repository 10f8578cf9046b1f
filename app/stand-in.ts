import type { IncomingMessage } from "node:http";
import { staticPage } from "@/components/connect/static-page";
import { localeCookie, negotiateLocale } from "@/lib/locale";
import ar from "@/lib/messages/broken.ar.json";
import en from "@/lib/messages/broken.en.json";
import moreAr from "@/lib/messages/stand-in.ar.json";
import moreEn from "@/lib/messages/stand-in.en.json";
import { isTheme, themeCookie } from "@/lib/theme";

// What a browser may have to say by itself is apart from what only a server says.
const texts = { en: { ...en, ...moreEn }, ar: { ...ar, ...moreAr } };

/** `broken`: told with the reference that the log has; `stale`: the page is of another build; `unreadable`: no form of ours sends that; `busy`: too much is in hand. */
type Instead = { kind: "broken"; nonce: string; reference: string } | { kind: "stale" | "unreadable" | "busy"; nonce: string };

/** The document in place of a page that Next cannot give, in the person's language and theme. Its action leads to the same page. */
export function standIn({ headers, url = "/" }: IncomingMessage, instead: Instead): string {
  const cookies = new URLSearchParams((headers.cookie ?? "").replaceAll("; ", "&"));
  const locale = negotiateLocale(cookies.get(localeCookie) ?? undefined, headers["accept-language"] ?? null);
  const theme = cookies.get(themeCookie);
  const words = instead.kind === "broken" ? texts[locale] : texts[locale][instead.kind];
  return staticPage({
    locale,
    theme: isTheme(theme) ? theme : "system",
    nonce: instead.nonce,
    product: "Latchkey",
    title: words.title,
    paragraphs: [words.text],
    action: { label: words.action, href: url.split("?")[0] ?? "/" },
    ...(instead.kind === "broken" ? { reference: `${texts[locale].reference}: ${instead.reference}` } : {}),
  });
}
