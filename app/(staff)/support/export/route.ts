import { requestQuery } from "@/app/(staff)/support/list-query";
import { requireActor } from "@/lib/auth/session";
import { exportList } from "@/lib/connections/export-list";

/** A list as somebody narrowed it, as a file that is written while it is read. */
export async function GET(request: Request): Promise<Response> {
  const actor = await requireActor("support.search");
  const lines = await exportList(actor, requestQuery(request));
  const bytes = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await lines.next();
      if (done) controller.close();
      else controller.enqueue(bytes.encode(value));
    },
    cancel: () => void lines.return(undefined),
  });
  const day = new Date().toISOString().slice(0, 10);
  return new Response(body, {
    headers: {
      "content-type": "text/csv; charset=utf-8",
      "content-disposition": `attachment; filename="latchkey-connections-${day}.csv"`,
      "cache-control": "no-store",
    },
  });
}
