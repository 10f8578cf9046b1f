import { directionOf, type Locale } from "@/lib/locale";

export type MailSection = { locale: Locale; lines: string[]; link: { label: string; url: string } };

const MARKS: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
const escapeHtml = (text: string) => text.replace(/[&<>"']/g, (mark) => MARKS[mark] ?? "");

/** Plain and small: no images, nothing that a mail reader must fetch. */
export function mailHtml(sections: readonly MailSection[]): string {
  const body = sections.map(({ locale, lines, link }) => {
    const [first, ...rest] = lines.map((line) => `<p>${escapeHtml(line)}</p>`);
    const button = `<p><a href="${escapeHtml(link.url)}" style="display:inline-block;padding:12px 20px;border-radius:8px;background:#85580a;color:#ffffff;text-decoration:none">${escapeHtml(link.label)}</a></p>`;
    return `<div lang="${locale}" dir="${directionOf(locale)}">${first ?? ""}${button}${rest.join("")}</div>`;
  });
  return `<!doctype html><html><body style="font-family:sans-serif;font-size:16px;line-height:1.6;color:#1d1a15">${body.join("<hr>")}</body></html>`;
}

export function mailText(sections: readonly MailSection[]): string {
  return sections.map(({ lines: [first, ...rest], link }) => [first, link.url, ...rest].join("\n\n")).join("\n\n---\n\n");
}
