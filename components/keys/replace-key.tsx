import { useTranslations } from "next-intl";
import { useKeyTexts } from "./key-texts";
import { type Replaced, ReplaceForm } from "./replace-form";

type Props = { keyId: string; action: (before: Replaced | null, form: FormData) => Promise<Replaced | null> };

const DAYS = [1, 7, 30];

export function ReplaceKey({ keyId, action }: Props) {
  const t = useTranslations("keys.replacing");
  const secret = useKeyTexts();
  return (
    <ReplaceForm
      action={action}
      keyId={keyId}
      overlaps={[{ value: "hand", label: t("byHand") }, ...DAYS.map((n) => ({ value: String(n), label: t("inDays", { n }) }))]}
      texts={{ overlap: t("overlap"), submit: t("submit"), secret }}
    />
  );
}
