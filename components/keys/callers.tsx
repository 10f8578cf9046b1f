import { useTranslations } from "next-intl";
import { ExactTime } from "@/components/connections/exact-time";
import { SubmitButton } from "@/components/forms/submit-button";
import { Card } from "@/components/ui/card";
import type { CallerView } from "@/lib/keys/show-callers";

type Props = { connectionId: string; callers: CallerView[]; asOf: Date; action: (form: FormData) => Promise<void> };

// Which programs were given access to a store, and the one thing that its owner or staff can do about one of them.
export function Callers({ connectionId, callers, asOf, action }: Props) {
  const t = useTranslations("connection.callers");
  if (callers.length === 0) return null;
  return (
    <Card aria-labelledby="callers">
      <h2 id="callers" className="text-lg font-semibold">
        {t("title")}
      </h2>
      <p className="mt-1 text-muted">{t("lead")}</p>
      <ul className="divide-y divide-line">
        {callers.map((caller) => (
          <li key={caller.keyId} className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 py-3">
            <div id={caller.keyId} className="min-w-48 flex-1">
              <Use caller={caller} asOf={asOf} />
            </div>
            {caller.mayPause && (
              <form action={action}>
                <input type="hidden" name="id" value={connectionId} />
                <input type="hidden" name="keyId" value={caller.keyId} />
                <SubmitButton name="act" value={caller.pausedAt ? "resume" : "pause"} tone="secondary" aria-describedby={caller.keyId}>
                  {t(caller.pausedAt ? "resume" : "pause")}
                </SubmitButton>
              </form>
            )}
          </li>
        ))}
      </ul>
      <p className="text-sm text-muted">{t("note")}</p>
    </Card>
  );
}

function Use({ caller: { name, n, lastAt, pausedAt, pausedByName, ended }, asOf }: { caller: CallerView; asOf: Date }) {
  const t = useTranslations("connection.callers");
  const who = () => <bdi className="font-medium wrap-anywhere">{name}</bdi>;
  const used = lastAt && n > 0;
  return (
    <>
      <p>{used ? t.rich("used", { n, name: who, time: () => <ExactTime at={lastAt} now={asOf} /> }) : t.rich("unused", { name: who })}</p>
      {pausedAt && (
        <p className="text-warning">
          {t.rich("paused", { by: () => <bdi>{pausedByName}</bdi>, time: () => <ExactTime at={pausedAt} now={asOf} /> })}
        </p>
      )}
      {ended && <p className="text-sm text-muted">{t("ended")}</p>}
    </>
  );
}
