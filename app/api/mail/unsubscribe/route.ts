import { env } from "@/lib/env";
import { AppError } from "@/lib/errors";
import { readerOfLink, setMailWanted } from "@/lib/people/mail-settings";

const HEADERS = { "cache-control": "no-store", "referrer-policy": "no-referrer" };
const MOST_BYTES = 4_096;
const tokenOf = (request: Request) => new URL(request.url).searchParams.get("token");

/** A person who opens the address of a mail's header; nothing changes before they press a button, since scanners open it as well. */
export async function GET(request: Request): Promise<Response> {
  const location = `${env().LATCHKEY_URL}/settings/mail?${new URLSearchParams({ token: tokenOf(request) ?? "" })}`;
  return new Response(null, { status: 303, headers: { ...HEADERS, location } });
}

/** A mail reader's own button (RFC 8058): from any origin, without cookies, answered without a redirect. */
export async function POST(request: Request): Promise<Response> {
  const reader = readerOfLink(tokenOf(request));
  // Nobody's body is read who has no link, nor one that is longer than those words.
  if (!reader || Number(request.headers.get("content-length") ?? 0) > MOST_BYTES)
    return new Response(null, { status: 400, headers: HEADERS });
  const form = await request.formData().catch(() => null);
  if (form?.get("List-Unsubscribe") !== "One-Click") return new Response(null, { status: 400, headers: HEADERS });
  try {
    for (const kind of reader.kinds) await setMailWanted(reader, kind, false);
  } catch (error) {
    if (error instanceof AppError) return new Response(null, { status: error.status, headers: HEADERS });
    throw error;
  }
  return new Response(null, { status: 200, headers: HEADERS });
}
