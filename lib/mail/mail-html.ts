import { directionOf, type Locale } from "@/lib/locale";

type Link = { label: string; url: string };
/** `foot`: what a reader may want besides, in small. */
export type MailSection = { locale: Locale; lines: string[]; link: Link; foot?: Link };

const MARKS: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
const escapeHtml = (text: string) => text.replace(/[&<>"']/g, (mark) => MARKS[mark] ?? "");

// The colours of globals.css in their light form: paper is given with ink, since a reader in the dark may keep one and not the other.
const BODY = "margin:0;padding:24px 16px;background:#faf8f4;color:#1d1a15;font-family:system-ui,sans-serif;font-size:16px;line-height:1.6";
const CARD = "max-width:472px;margin:0 auto 16px;padding:24px;border:1px solid #e4dfd5;border-radius:12px;background:#ffffff";
const BUTTON =
  "display:inline-block;padding:10px 20px;border-radius:8px;background:#85580a;color:#ffffff;font-weight:500;text-decoration:none";

/** Plain and small: no images, nothing that a mail reader must fetch. */
export function mailHtml(subject: string, sections: readonly MailSection[]): string {
  const body = sections.map(({ locale, lines: [first = "", ...rest], link, foot }) => {
    const button = `<p style="margin:20px 0"><a href="${escapeHtml(link.url)}" style="${BUTTON}">${escapeHtml(link.label)}</a></p>`;
    const small = (html: string) => `<p style="margin:0 0 8px;color:#5f594e;font-size:14px">${html}</p>`;
    const more = rest.map((line) => small(escapeHtml(line)));
    if (foot) more.push(small(`<a href="${escapeHtml(foot.url)}" style="color:#5f594e">${escapeHtml(foot.label)}</a>`));
    return `<div lang="${locale}" dir="${directionOf(locale)}" style="${CARD}"><p style="margin:0">${escapeHtml(first)}</p>${button}${more.join("")}</div>`;
  });
  const head = `<meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light"><title>${escapeHtml(subject)}</title>`;
  return `<!doctype html><html lang="${sections[0]?.locale ?? "en"}"><head>${head}</head><body style="${BODY}">${body.join("")}</body></html>`;
}

export function mailText(sections: readonly MailSection[]): string {
  const written = sections.map(({ lines: [first, ...rest], link, foot }) =>
    [first, link.url, ...rest, ...(foot ? [`${foot.label}: ${foot.url}`] : [])].join("\n\n"),
  );
  return written.join("\n\n---\n\n");
}
