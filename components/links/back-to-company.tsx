import { useTranslations } from "next-intl";
import { buttonClass } from "@/components/ui/button";

/** Where whoever sent the link takes over; null: nowhere was named. */
export type WayBack = { href: string; host: string } | null;

// A plain link to another site, pressed by a person who has read how it went.
export function BackToCompany({ back, primary }: { back: WayBack; primary: boolean }) {
  const t = useTranslations("link");
  if (!back) return primary && <p className="text-muted">{t("done")}</p>;
  return (
    <a href={back.href} rel="noreferrer" className={`${buttonClass({ tone: primary ? "primary" : "secondary" })} max-sm:w-full`}>
      <span>{t.rich("back", { host: () => <bdi dir="ltr">{back.host}</bdi> })}</span>
    </a>
  );
}
