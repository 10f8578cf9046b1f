import { useTranslations } from "next-intl";
import { SubmitButton } from "@/components/forms/submit-button";
import { Card } from "@/components/ui/card";
import type { MailSetting } from "@/lib/people/mail-settings";

type Props = { settings: MailSetting[]; token: string | undefined; action: (form: FormData) => Promise<void> };

// Each kind of mail, whether it comes, and the button that changes that.
export function MailSettings({ settings, token, action }: Props) {
  const t = useTranslations("mailSettings");
  return (
    <div className="space-y-4">
      {settings.map(({ kind, wanted }) => (
        <Card key={kind} aria-labelledby={kind}>
          <h2 id={kind} className="font-semibold">
            {t(`kind.${kind}.title`)}
          </h2>
          <p className="mt-1 text-muted">{t(`kind.${kind}.text`)}</p>
          <form action={action} className="mt-4 flex flex-wrap items-center justify-between gap-3">
            {token !== undefined && <input type="hidden" name="token" value={token} />}
            <input type="hidden" name="kind" value={kind} />
            <input type="hidden" name="wanted" value={wanted ? "no" : "yes"} />
            <p>{wanted ? t("on") : t("off")}</p>
            <SubmitButton tone="secondary" aria-describedby={kind}>
              {wanted ? t("stop") : t("start")}
            </SubmitButton>
          </form>
        </Card>
      ))}
    </div>
  );
}
