import { env } from "@/lib/env";
import { longestSessionS } from "./session-lifetimes";

/** `__Host-` needs https, which LATCHKEY_URL has everywhere but on loopback. */
export function sessionCookie() {
  const secure = env().LATCHKEY_URL.startsWith("https:");
  return {
    name: secure ? "__Host-latchkey.session" : "latchkey.session",
    options: { httpOnly: true, secure, sameSite: "lax" as const, path: "/", maxAge: longestSessionS },
  };
}
