import { cookies } from "next/headers";
import { env } from "@/lib/env";
import { log } from "@/lib/log";
import { signIn } from "./next-auth";
import { returnPath } from "./return-path";

/** `__Host-` on https: another host under the same domain cannot plant an address to continue to. */
function continueCookie(): string {
  return env().LATCHKEY_URL.startsWith("https:") ? "__Host-latchkey.continue" : "latchkey.continue";
}

/**
 * Prepares the way to the identity provider and answers the page of ours to go to next: a form may not lead to a foreign host
 * (CSP form-action), so /sign-in/continue does. `again`: the provider must ask who it is.
 */
export async function beginProviderSignIn(input: { to: unknown; again: boolean }): Promise<string> {
  if (!env().OIDC_ISSUER) return "/sign-in";
  const to = returnPath(input.to);
  const url = await signIn("oidc", { redirectTo: to, redirect: false }, input.again ? { prompt: "login" } : undefined).catch(
    (error: unknown) => {
      log.error("identity_provider_unreachable", error);
      return null;
    },
  );
  if (typeof url !== "string" || url.startsWith(`${env().LATCHKEY_URL}/`)) {
    return `/sign-in?${new URLSearchParams({ notice: "provider", ...(to === "/" ? {} : { to }) })}`;
  }
  (await cookies()).set(continueCookie(), url, {
    httpOnly: true,
    secure: env().LATCHKEY_URL.startsWith("https:"),
    sameSite: "lax",
    path: "/",
    maxAge: 300,
  });
  return "/sign-in/continue";
}

/** The identity provider's address that this browser is on its way to, or null. */
export async function providerDestination(): Promise<URL | null> {
  const url = URL.parse((await cookies()).get(continueCookie())?.value ?? "");
  return url && /^https?:$/.test(url.protocol) ? url : null;
}
