import { cookies } from "next/headers";
import { keepLocaleOfSignIn } from "./keep-locale";
import { keepSession } from "./keep-session";
import { sessionCookie } from "./session-cookie";
import { newToken } from "./session-token";

/** Signs this browser in as `userId`, in a server action or a route handler. Whether they may is the caller's to decide. */
export async function startSession(userId: string): Promise<void> {
  const token = newToken();
  await keepSession(token, userId);
  await keepLocaleOfSignIn(userId);
  const { name, options } = sessionCookie();
  (await cookies()).set(name, token, options);
}
