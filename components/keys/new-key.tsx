import { useTranslations } from "next-intl";
import { type KeyAnswer, KeyForm } from "./key-form";
import { useKeyTexts } from "./key-texts";

type Props = {
  action: (before: KeyAnswer, form: FormData) => Promise<KeyAnswer>;
  platforms: { value: string; label: string }[];
};

const scopes = {
  "access:read": "access",
  "connections:read": "read",
  "connections:write": "write",
  "links:create": "links",
  proxy: "proxy",
  "credentials:read": "credentials",
} as const;
const DAYS = [30, 90, 180, 365];

export function NewKey({ action, platforms }: Props) {
  const t = useTranslations("keys.form");
  const form = useTranslations("form");
  const secret = useKeyTexts();
  return (
    <KeyForm
      action={action}
      platforms={platforms}
      scopes={Object.entries(scopes).map(([value, word]) => ({ value, label: value, hint: t(`scope.${word}`) }))}
      days={[...DAYS.map((n) => ({ value: String(n), label: t("dayChoice", { n }) })), { value: "never", label: t("never") }]}
      texts={{
        problem: form("problem"),
        name: t("name"),
        nameHint: t("nameHint"),
        scopes: t("scopes"),
        merchants: t("merchants"),
        merchantsHint: t("merchantsHint"),
        platforms: t("platforms"),
        platformsHint: t("platformsHint"),
        days: t("days"),
        daysHint: t("daysHint"),
        perSecond: t("perSecond"),
        perSecondHint: t("perSecondHint"),
        submit: t("submit"),
        secret,
      }}
    />
  );
}
