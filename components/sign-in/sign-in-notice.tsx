import { useTranslations } from "next-intl";
import { Notice } from "@/components/ui/notice";

const tones = {
  expired: "info",
  signed_out: "positive",
  link_used: "warning",
  provider: "critical",
  no_access: "warning",
  other_way: "warning",
  email: "critical",
  no_mail: "critical",
} as const;

export type SignInNoticeName = keyof typeof tones;

export function isNotice(value: unknown): value is SignInNoticeName {
  return typeof value === "string" && Object.hasOwn(tones, value);
}

export function SignInNotice({ notice }: { notice: SignInNoticeName }) {
  const t = useTranslations("signIn.notice");
  return (
    <div role="status">
      <Notice tone={tones[notice]} title={t(`${notice}.title`)}>
        {t(`${notice}.text`)}
      </Notice>
    </div>
  );
}
