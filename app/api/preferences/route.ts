import { keepChosenLocale } from "@/lib/auth/keep-locale";
import { isSameOrigin } from "@/lib/auth/origin";
import { isLocale, localeCookie } from "@/lib/locale";
import { shortcutsCookie } from "@/lib/shortcuts";
import { isTheme, themeCookie } from "@/lib/theme";
import { isTimes, timesCookie } from "@/lib/time-zone";

const year = 60 * 60 * 24 * 365;
const KEPT_NOWHERE = { "cache-control": "no-store" };

// A plain form posts `locale`, `theme`, `shortcuts` or `times` here from any page, signed in or not, with or without JavaScript;
// the answer leads back to that page. None of the cookies is a secret or a right.
export async function POST(request: Request): Promise<Response> {
  if (!isSameOrigin(request.headers)) return new Response(null, { status: 403, headers: KEPT_NOWHERE });
  const form = await request.formData().catch(() => null);
  if (!form) return new Response(null, { status: 400, headers: KEPT_NOWHERE });
  const answer = new Headers({ ...KEPT_NOWHERE, location: backPath(request) });
  const locale = form.get("locale");
  const theme = form.get("theme");
  const times = form.get("times");
  if (isLocale(locale)) {
    answer.append("set-cookie", cookie(localeCookie, locale));
    await keepChosenLocale(request.headers, locale);
  }
  if (isTheme(theme)) answer.append("set-cookie", cookie(themeCookie, theme));
  const shortcuts = form.get("shortcuts");
  if (shortcuts === "on" || shortcuts === "off") answer.append("set-cookie", cookie(shortcutsCookie, shortcuts));
  if (isTimes(times)) answer.append("set-cookie", cookie(timesCookie, times));
  return new Response(null, { status: 303, headers: answer });
}

function cookie(name: string, value: string): string {
  return `${name}=${value}; Path=/; Max-Age=${year}; SameSite=Lax`;
}

// Only the path of the page that posted, and only if it was one of ours: never a way out to another site.
function backPath(request: Request): string {
  const from = URL.parse(request.headers.get("referer") ?? "");
  if (!from || from.host !== request.headers.get("host")) return "/";
  return from.pathname.replace(/^[/\\]+/, "/") + from.search;
}
