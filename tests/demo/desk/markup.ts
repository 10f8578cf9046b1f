import { escapeHtml } from "@/tests/simulators/simulator";
import type { Language, Texts } from "./texts";

export type Page = { text: Texts; language: Language };

/** A text with its values in place, each kept apart from the direction of what surrounds it. */
export function filled(text: string, values: Record<string, string>): string {
  return escapeHtml(text).replace(/\{(\w+)\}/g, (_, name: string) => `<bdi>${escapeHtml(values[name] ?? "")}</bdi>`);
}

/** One button that posts; `fields` go along unseen. */
export function button({ language }: Page, path: string, label: string, fields: Record<string, string>, described?: string): string {
  const hidden = Object.entries({ lang: language, ...fields })
    .map(([name, value]) => `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`)
    .join("");
  const about = described === undefined ? "" : ` aria-label="${escapeHtml(described)}"`;
  return `<form method="post" action="${path}">${hidden}<button${about}>${escapeHtml(label)}</button></form>`;
}

export function document({ text, language }: Page, body: string, head = ""): string {
  const direction = language === "ar" ? "rtl" : "ltr";
  return `<!doctype html><html lang="${language}" dir="${direction}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="theme-color" content="#1d1a15"><link rel="icon" href="data:,"><title>[Demo] ${escapeHtml(text.title)}</title>${head}</head><body>${body}</body></html>`;
}
