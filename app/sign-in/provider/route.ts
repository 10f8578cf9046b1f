import type { NextRequest } from "next/server";
import { beginProviderSignIn } from "@/lib/auth/begin-provider-sign-in";
import { isSameOrigin } from "@/lib/auth/origin";
import { noteEntry } from "@/lib/entry";
import { env } from "@/lib/env";

/** A plain form leads here, so that signing in needs no script. */
export async function POST(request: NextRequest): Promise<Response> {
  noteEntry();
  if (!isSameOrigin(request.headers)) return new Response(null, { status: 403 });
  const form = await request.formData().catch(() => null);
  if (!form) return new Response(null, { status: 400 });
  const next = await beginProviderSignIn({ to: form.get("to"), again: form.has("again") });
  return new Response(null, { status: 303, headers: { location: env().LATCHKEY_URL + next, "cache-control": "no-store" } });
}
