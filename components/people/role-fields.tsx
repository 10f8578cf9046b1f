import { useNow, useTranslations } from "next-intl";
import { SelectField } from "@/components/forms/select-field";
import { TextField } from "@/components/forms/text-field";

type Role = "merchant" | "support" | "admin";
type Props = {
  // makes the fields' ids unique in the page
  of: string;
  // null: too many to choose from, so one is typed
  merchants: readonly { id: string; name: string }[] | null;
  chosen: Role;
  merchantId?: string;
  labels: { role: string; merchant: string; merchantHint?: string };
};

export function RoleFields({ of, merchants, chosen, merchantId = "", labels }: Props) {
  const t = useTranslations("people");
  // React resets a form after its action, and a select would fall back to its first choice: each answer makes it anew.
  const answer = useNow().getTime();
  const roles = (["merchant", "support", "admin"] as const).map((value) => ({ value, label: t(`role.${value}`) }));
  const merchant = { id: `${of}-merchant`, name: "merchantId", label: labels.merchant, defaultValue: merchantId };
  return (
    <>
      <SelectField id={`${of}-role`} name="role" label={labels.role} options={roles} defaultValue={chosen} key={`role-${answer}`} />
      {merchants ? (
        <SelectField
          {...merchant}
          hint={labels.merchantHint}
          options={[{ value: "", label: t("invite.noMerchant") }, ...merchants.map(({ id, name }) => ({ value: id, label: name }))]}
          key={`merchant-${answer}`}
        />
      ) : (
        <TextField {...merchant} hint={t("invite.merchantTyped")} maxLength={200} autoComplete="off" />
      )}
    </>
  );
}
