import { useTranslations } from "next-intl";
import { ExactTime } from "@/components/connections/exact-time";
import { SubmitButton } from "@/components/forms/submit-button";

type Act = (form: FormData) => Promise<void>;
type Props = { userId: string; sessions: { id: string; begunAt: Date; seenAt: Date }[]; end: Act };

export function SessionList({ userId, sessions, end }: Props) {
  const t = useTranslations("people.sessions");
  const hidden = <input type="hidden" name="userId" value={userId} />;
  if (sessions.length === 0) return <p className="text-muted">{t("none")}</p>;
  return (
    <>
      <ul className="divide-y divide-line">
        {sessions.map(({ id, begunAt, seenAt }, nth) => (
          <li key={id} className="flex flex-wrap items-center justify-between gap-3 py-2.5">
            <span>{t.rich("times", { begun: () => <ExactTime at={begunAt} />, seen: () => <ExactTime at={seenAt} /> })}</span>
            <form action={end}>
              {hidden}
              <input type="hidden" name="sessionId" value={id} />
              <SubmitButton tone="secondary" size="small" aria-label={t("endNth", { nth: nth + 1 })}>
                {t("end")}
              </SubmitButton>
            </form>
          </li>
        ))}
      </ul>
      <form action={end} className="mt-3">
        {hidden}
        <SubmitButton tone="secondary" size="small">
          {t("endAll")}
        </SubmitButton>
      </form>
    </>
  );
}
