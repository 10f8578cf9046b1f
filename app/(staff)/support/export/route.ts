import { requestQuery } from "@/app/(staff)/support/list-query";
import { csvAnswer } from "@/app/csv-answer";
import { requireActor } from "@/lib/auth/session";
import { exportList } from "@/lib/connections/export-list";

/** A list as somebody narrowed it. */
export async function GET(request: Request): Promise<Response> {
  const actor = await requireActor("support.search");
  return csvAnswer(await exportList(actor, requestQuery(request)), "latchkey-connections");
}
