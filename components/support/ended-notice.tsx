import { useTranslations } from "next-intl";
import { BackupNote } from "@/components/connections/backup-note";
import { ExactTime } from "@/components/connections/exact-time";
import { platformLabel, platformText } from "@/components/connections/platform-text";
import { troubleText } from "@/components/connections/trouble-text";
import { Notice } from "@/components/ui/notice";
import { TELLING_TRIES } from "@/lib/bulk/acts";
import type { Shown } from "@/lib/connections/show";
import type { ConnectionView } from "@/lib/connections/view";

type Props = { shown: Shown; revoked: NonNullable<ConnectionView["revoked"]>; again: boolean };

// How access ended, as far as it is known: what the platform has not confirmed is never told as done.
export function EndedNotice({ shown: { connection, timeline, asOf }, revoked, again }: Props) {
  const t = useTranslations("support.ended");
  const causes = useTranslations("connection");
  const platforms = useTranslations("platforms");
  const platform = platformLabel(platforms, connection);
  const outcome = connection.status === "revoking" ? "waiting" : (revoked.confirmed ?? "local");
  const asked = timeline.find(({ kind }) => kind === "connection.revoke_asked");
  const byHand = outcome === "local" ? platformText(platforms, connection.provider, "byHand") : null;
  const { provider, trouble, troubleCode } = connection;
  const title = () => {
    if (outcome !== "waiting") return t(`title.${outcome}`);
    const { tries } = revoked;
    return tries > TELLING_TRIES ? t("title.long", { platform, tries }) : t("title.waiting", { platform, tries, of: TELLING_TRIES });
  };
  const time = () => revoked.at && <ExactTime at={revoked.at} now={asOf} />;
  return (
    <Notice tone={outcome === "remote" || outcome === "sibling" ? "neutral" : "warning"} title={title()}>
      <div className="space-y-2">
        {again &&
          (asked?.actor ? (
            <p className="font-medium">
              {t.rich("byOtherNow", {
                name: () => <bdi>{asked.actor}</bdi>,
                time: () => <ExactTime at={asked.at} now={asOf} />,
              })}
            </p>
          ) : (
            <p>{t("again")}</p>
          ))}
        <p>{t.rich(outcome === "remote" && revoked.reach === "token" ? "text.token" : `text.${outcome}`, { platform, time })}</p>
        {outcome === "waiting" && troubleCode && (
          <p>{t("tries", { count: revoked.tries, cause: troubleText(causes, platforms, { provider, trouble, code: troubleCode }) })}</p>
        )}
        {byHand && <p>{byHand}</p>}
        <BackupNote revoked={revoked} now={asOf} />
        {asked && (
          <p className="text-sm">
            {t.rich(asked.actor ? "askedBy" : "asked", {
              name: () => <bdi className="font-medium">{asked.actor}</bdi>,
              time: () => <ExactTime at={asked.at} now={asOf} />,
            })}
            {asked.reason && <> {causes.rich("reason", { reason: () => <q>{<bdi>{asked.reason}</bdi>}</q> })}</>}
            {asked.facts.ticket && <> · {causes.rich("ticket", { ticket: () => <bdi>{asked.facts.ticket}</bdi> })}</>}
          </p>
        )}
      </div>
    </Notice>
  );
}
