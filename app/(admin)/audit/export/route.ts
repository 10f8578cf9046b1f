import { csvAnswer } from "@/app/csv-answer";
import { auditCriteriaOf } from "@/lib/audit/audit-criteria";
import { exportAudit } from "@/lib/audit/export-audit";
import { requireActor } from "@/lib/auth/session";
import { singleValues } from "@/lib/single-values";

/** The audit as somebody filtered it. */
export async function GET(request: Request): Promise<Response> {
  const actor = await requireActor("audit.read");
  const { searchParams } = new URL(request.url);
  return csvAnswer(await exportAudit(actor, auditCriteriaOf(singleValues(Object.fromEntries(searchParams)))), "latchkey-audit");
}
