import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { RadioGroup } from "@/components/forms/radio-group";
import { SubmitButton } from "@/components/forms/submit-button";
import { Notice } from "@/components/ui/notice";
import type { Shown } from "@/lib/connections/show";
import { platformLabel, platformText } from "./platform-text";

type Props = Pick<Shown, "connection" | "siblings"> & {
  action: (form: FormData) => Promise<void>;
  // a way back, beside the button
  cancel?: ReactNode;
};

// What ends with a store at this very platform, and one button that says what it does. Says no more than we can keep.
export function DisconnectForm({ connection, siblings, action, cancel }: Props) {
  const t = useTranslations("disconnect");
  const unnamed = useTranslations("connections")("unnamed");
  const platforms = useTranslations("platforms");
  const { id, provider, name, revocation } = connection;
  const platform = platformLabel(platforms, connection);
  const tokenOnly = revocation.tokenOnly ? platformText(platforms, provider, "tokenOnly") : null;
  return (
    <form action={action} className="space-y-5">
      <input type="hidden" name="id" value={id} />
      <p>{platformText(platforms, provider, "consequences") ?? t("lead")}</p>
      {siblings.length > 0 && (
        <Notice tone="warning" title={t("siblings.title", { count: siblings.length })}>
          <p>{t("siblings.text", { platform })}</p>
          <ul className="mt-1 list-disc ps-5">
            {siblings.map((sibling) => (
              <li key={sibling.id}>
                <bdi>{sibling.name ?? unnamed}</bdi>
              </li>
            ))}
          </ul>
        </Notice>
      )}
      {tokenOnly && (
        <RadioGroup
          name="reach"
          legend={t("reach")}
          defaultValue="authorization"
          options={[
            { value: "authorization", label: t("whole"), hint: t("wholeHint", { platform }) },
            { value: "token", label: t("tokenOnly"), hint: tokenOnly },
          ]}
        />
      )}
      <div className="flex flex-wrap gap-3">
        <SubmitButton tone="danger" className="max-sm:w-full">
          <span>{name ? t.rich("confirm", { store: () => <bdi>{name}</bdi> }) : t("confirmUnnamed")}</span>
        </SubmitButton>
        {cancel}
      </div>
    </form>
  );
}
