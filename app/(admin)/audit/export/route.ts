import { auditCriteriaOf } from "@/lib/audit/audit-criteria";
import { exportAudit } from "@/lib/audit/export-audit";
import { requireActor } from "@/lib/auth/session";
import { singleValues } from "@/lib/single-values";

/** The audit as somebody filtered it, as a file that is written while it is read. */
export async function GET(request: Request): Promise<Response> {
  const actor = await requireActor("audit.read");
  const { searchParams } = new URL(request.url);
  const lines = await exportAudit(actor, auditCriteriaOf(singleValues(Object.fromEntries(searchParams))));
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
      "content-disposition": `attachment; filename="latchkey-audit-${day}.csv"`,
      "cache-control": "no-store",
    },
  });
}
