import { directionOf, type Locale } from "@/lib/locale";
import type { Theme } from "@/lib/theme";

export type StaticPage = {
  locale: Locale;
  theme: Theme;
  nonce: string;
  product: string;
  title: string;
  paragraphs: readonly string[];
  action: { label: string; href: string };
  // where the browser goes by itself at once; the action leads there too
  refreshTo?: string;
  reference?: string;
  // what stands above a demo's pages, and the word for it in the title
  demo?: { label: string; text: string };
};

const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
const escaped = (text: string) => text.replace(/[&<>"']/g, (sign) => entities[sign] ?? "");

// What stands between a left-to-right isolate's marks becomes an element, so that its text alone is read and searched.
const inline = (text: string) => escaped(text).replace(/\u2066(.*?)\u2069/g, '<bdi dir="ltr">$1</bdi>');

const style = `:root{color-scheme:light dark;--surface:light-dark(#faf8f4,#161410);--text:light-dark(#1d1a15,#f0ece4);--muted:light-dark(#5f594e,#aaa294);--line:light-dark(#e4dfd5,#37332b);--accent:light-dark(#85580a,#dcb463);--on-accent:light-dark(#fff,#211703);--strong:light-dark(#6b4604,#e8c886);--focus:light-dark(#9a6b15,#dcb463)}
[data-theme=light]{color-scheme:light}[data-theme=dark]{color-scheme:dark}
*{box-sizing:border-box}body{margin:0;background:var(--surface);color:var(--text);-webkit-font-smoothing:antialiased;font:16px/1.5 ui-sans-serif,system-ui,sans-serif}:lang(ar) body{line-height:1.7}
aside{padding:6px 16px;background:light-dark(#1d1a15,#3d372c);color:#f0ece4;font-size:14px;font-weight:500;text-align:center}
header{display:flex;align-items:center;gap:10px;max-width:1120px;min-height:56px;margin:0 auto;padding:0 24px;font-weight:600}
main{max-width:640px;margin:0 auto;padding:80px 24px 64px}h1{margin:0 0 24px;font-size:28px;line-height:1.25;font-weight:600;text-wrap:balance;overflow-wrap:anywhere}:lang(ar) h1{line-height:1.6}
p{margin:0 0 12px;color:var(--muted);overflow-wrap:anywhere}a{display:inline-flex;align-items:center;min-height:44px;margin-block-start:12px;padding:8px 16px;border-radius:8px;background:var(--accent);color:var(--on-accent);font-weight:500;text-decoration:none}a:hover{background:var(--strong)}
:focus-visible{outline:2px solid var(--focus);outline-offset:2px}footer{margin-block-start:24px;padding-block-start:16px;border-block-start:1px solid var(--line);color:var(--muted);font-size:14px}
@media(max-width:40rem){header,main{padding-inline:16px}main{padding-block-start:40px}}`;

const mark =
  '<svg viewBox="0 0 24 24" width="28" height="28" fill="currentColor" aria-hidden="true"><path fill-rule="evenodd" d="M8 1.5h8A6.5 6.5 0 0 1 22.5 8v8a6.5 6.5 0 0 1-6.5 6.500H8A6.5 6.5 0 0 1 1.5 16V8A6.5 6.5 0 0 1 8 1.500Zm4 4.750a3.3 3.3 0 0 0-1.75 6.100l-.95 5.400h5.400l-.95-5.400A3.3 3.3 0 0 0 12 6.250Z"/></svg>';

// A whole document without a script or anything to fetch, for answers of route handlers: they must never hold what
// the address held, and so are not rendered as pages.
export function staticPage(page: StaticPage): string {
  const { locale, theme, nonce, product, title, paragraphs, action, refreshTo, reference, demo } = page;
  const refresh = refreshTo === undefined ? "" : `<meta http-equiv="refresh" content="0;url=${escaped(refreshTo)}">`;
  const footer = reference === undefined ? "" : `<footer>${escaped(reference)}</footer>`;
  const prefix = demo ? `[${escaped(demo.label)}] ` : "";
  const banner = demo ? `<aside aria-label="${escaped(demo.label)}">${escaped(demo.text)}</aside>` : "";
  return `<!doctype html><html lang="${locale}" dir="${directionOf(locale)}" data-theme="${theme}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="robots" content="noindex">${refresh}<title>${prefix}${escaped(title)} — ${escaped(product)}</title><link rel="icon" href="/icon.svg" type="image/svg+xml"><style nonce="${nonce}">${style}</style></head><body>${banner}<header>${mark}<bdi>${escaped(product)}</bdi></header><main><h1>${inline(title)}</h1>${paragraphs.map((text) => `<p>${inline(text)}</p>`).join("")}<a href="${escaped(action.href)}" rel="noreferrer"><span>${inline(action.label)}</span></a>${footer}</main></body></html>`;
}
