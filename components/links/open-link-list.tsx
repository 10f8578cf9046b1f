import { useTranslations } from "next-intl";
import { ExactTime } from "@/components/connections/exact-time";
import { SubmitButton } from "@/components/forms/submit-button";
import type { LinkView } from "@/lib/links/open-links";

type Props = {
  links: LinkView[];
  connectionId: string;
  // a platform's name by its slug
  platforms: ReadonlyMap<string, string>;
  takeBack: (form: FormData) => Promise<void>;
  now: Date;
};

// What a merchant can still come in by. The addresses themselves are known to nobody here any more.
export function OpenLinkList({ links, connectionId, platforms, takeBack, now }: Props) {
  const t = useTranslations("support.links");
  if (links.length === 0) return null;
  const purpose = ({ connectionId: target, offer }: LinkView) => {
    if (target !== null) return target === connectionId ? t("forThis") : t("forOther");
    return offer === null ? t("forAny") : t.rich("forPlatform", { platform: () => <bdi>{platforms.get(offer) ?? offer}</bdi> });
  };
  return (
    <>
      <h3 className="mt-5 mb-1 font-medium">{t("open")}</h3>
      <ul className="divide-y divide-line border-y border-line">
        {links.map((link) => (
          <li key={link.id} className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 py-2.5">
            <div className="min-w-0">
              <p>{purpose(link)}</p>
              <p className="text-sm text-muted">
                {t.rich("by", {
                  name: () => <bdi>{link.createdByName}</bdi>,
                  time: () => <ExactTime at={link.createdAt} now={now} />,
                  until: () => <ExactTime at={link.expiresAt} now={now} />,
                })}{" "}
                {link.openedAt ? t.rich("opened", { time: () => <ExactTime at={link.openedAt as Date} now={now} /> }) : t("unopened")}
              </p>
            </div>
            <form action={takeBack}>
              <input type="hidden" name="connectionId" value={connectionId} />
              <input type="hidden" name="linkId" value={link.id} />
              <SubmitButton tone="quiet" size="small">
                {t("takeBack")}
              </SubmitButton>
            </form>
          </li>
        ))}
      </ul>
    </>
  );
}
