import { useTranslations } from "next-intl";
import { SubmitButton } from "@/components/forms/submit-button";
import { TextField } from "@/components/forms/text-field";
import { ButtonLink } from "@/components/ui/button-link";
import { Notice } from "@/components/ui/notice";

type Props = {
  action: (form: FormData) => Promise<void>;
  hidden: Record<string, string>;
  platform: string;
  submit: string;
  // where to come back to; this person signed in too long ago for what cannot be undone
  signInFor: string | null;
  error?: string;
};

// What cannot be undone asks for its name, from somebody who signed in lately.
export function TypedNameForm({ action, hidden, platform, submit, signInFor, error }: Props) {
  const t = useTranslations("providers.typed");
  if (signInFor !== null)
    return (
      <Notice
        tone="info"
        action={<ButtonLink href={`/sign-in?${new URLSearchParams({ fresh: "1", to: signInFor })}`}>{t("signIn")}</ButtonLink>}
      >
        {t("recent")}
      </Notice>
    );
  return (
    <form action={action} noValidate className="grid gap-4">
      {Object.entries(hidden).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <TextField id="typed" autoComplete="off" label={t("label", { platform })} error={error} />
      <SubmitButton tone="danger" className="justify-self-start">
        {submit}
      </SubmitButton>
    </form>
  );
}
