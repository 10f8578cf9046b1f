import { cookies, headers } from "next/headers";
import { database } from "@/db/client";
import { setFirstLocale, setLocale } from "@/db/users";
import { isLocale, type Locale, localeCookie, negotiateLocale } from "@/lib/locale";
import { log } from "@/lib/log";
import { findActor } from "./find-actor";
import { isSameOrigin } from "./origin";
import { sessionCookie } from "./session-cookie";

/** Whoever is signed in where this request comes from gets mails in the language that was just chosen there. */
export async function keepChosenLocale(request: Headers, locale: Locale): Promise<void> {
  const given = request.get("cookie")?.split(/;\s*/) ?? [];
  if (!given.some((cookie) => cookie.includes("latchkey.session=")) || !isSameOrigin(request)) return;
  const own = `${sessionCookie().name}=`;
  const token = given.find((cookie) => cookie.startsWith(own))?.slice(own.length);
  try {
    const actor = await findActor(token);
    if (actor && actor !== "no_role") await setLocale(database(), actor.id, locale);
  } catch (error) {
    // The page changes its language all the same.
    log.error("locale_not_kept", error);
  }
}

/** On signing in: what was chosen in this browser; the first time also what it asks for by itself. */
export async function keepLocaleOfSignIn(userId: string): Promise<void> {
  const [chosen, asked] = [(await cookies()).get(localeCookie)?.value, (await headers()).get("accept-language")];
  if (isLocale(chosen)) await setLocale(database(), userId, chosen);
  else await setFirstLocale(database(), userId, negotiateLocale(undefined, asked));
}
