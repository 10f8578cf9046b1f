import { cookies } from "next/headers";
import { database } from "@/db/client";
import { insertSession } from "@/db/sessions";
import { keepLocaleOfSignIn } from "./keep-locale";
import { sessionCookie } from "./session-cookie";
import { longestSessionS } from "./session-lifetimes";
import { hashToken, newToken } from "./session-token";

/** Signs this browser in as `userId`, in a server action or a route handler. Whether they may is the caller's to decide. */
export async function startSession(userId: string): Promise<void> {
  const token = newToken();
  await insertSession(database(), hashToken(token), userId, longestSessionS);
  await keepLocaleOfSignIn(userId);
  const { name, options } = sessionCookie();
  (await cookies()).set(name, token, options);
}
