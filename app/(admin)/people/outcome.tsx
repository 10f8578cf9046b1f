import { useTranslations } from "next-intl";
import { Notice } from "@/components/ui/notice";

const DONE = [
  "invited",
  "invited_silently",
  "revoked",
  "created",
  "role_changed",
  "disabled",
  "enabled",
  "removed",
  "session_ended",
  "sessions_ended",
] as const;
const PROBLEMS = [
  "email",
  "merchant",
  "name",
  "input",
  "last_admin",
  "admin_by_configuration",
  "already_here",
  "already_invited",
  "external_id_taken",
  "not_found",
] as const;

export const problemOf = (query: Record<string, string>) => PROBLEMS.find((name) => name === query.problem);

/** What an act did, or what stood against it, as the address says it. */
export function Outcome({ query }: { query: Record<string, string> }) {
  const t = useTranslations("people");
  const done = DONE.find((name) => name === query.done);
  const problem = problemOf(query);
  return (
    <div className="mb-6 empty:hidden" role={problem ? "alert" : "status"}>
      {problem ? <Notice tone="critical">{t(`problem.${problem}`)}</Notice> : done && <Notice tone="positive">{t(`done.${done}`)}</Notice>}
    </div>
  );
}
