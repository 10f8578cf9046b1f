import { useNow, useTranslations } from "next-intl";
import { SelectField } from "@/components/forms/select-field";

type Role = "merchant" | "support" | "admin";
type Props = {
  // makes the fields' ids unique in the page
  of: string;
  merchants: readonly { id: string; name: string }[];
  chosen: Role;
  merchantId?: string;
  labels: { role: string; merchant: string; merchantHint?: string };
};

export function RoleFields({ of, merchants, chosen, merchantId = "", labels }: Props) {
  const t = useTranslations("people");
  // React resets a form after its action, and a select would fall back to its first choice: each answer makes it anew.
  const answer = useNow().getTime();
  const roles = (["merchant", "support", "admin"] as const).map((value) => ({ value, label: t(`role.${value}`) }));
  return (
    <>
      <SelectField id={`${of}-role`} name="role" label={labels.role} options={roles} defaultValue={chosen} key={`role-${answer}`} />
      <SelectField
        id={`${of}-merchant`}
        name="merchantId"
        label={labels.merchant}
        hint={labels.merchantHint}
        options={[{ value: "", label: t("invite.noMerchant") }, ...merchants.map(({ id, name }) => ({ value: id, label: name }))]}
        defaultValue={merchantId}
        key={`merchant-${answer}`}
      />
    </>
  );
}
