import { cookies } from "next/headers";
import { database } from "@/db/client";
import { deleteSession } from "@/db/sessions";
import { sessionCookie } from "./session-cookie";
import { hashToken } from "./session-token";

/** Ends the session itself, so that a copy of its cookie is worth nothing either. */
export async function signOut(): Promise<void> {
  const { name, options } = sessionCookie();
  const jar = await cookies();
  const token = jar.get(name)?.value;
  if (token) await deleteSession(database(), hashToken(token));
  jar.set(name, "", { ...options, maxAge: 0 });
}
