import { requestQuery } from "@/app/(staff)/support/list-query";
import { requireActor } from "@/lib/auth/session";
import { search } from "@/lib/connections/search";

/** Whether an open list still shows what is so: asked every few seconds, and no rows go over the wire for it. */
export async function GET(request: Request): Promise<Response> {
  const actor = await requireActor("support.search");
  const { version } = await search(actor, requestQuery(request));
  return Response.json({ version }, { headers: { "cache-control": "no-store" } });
}
