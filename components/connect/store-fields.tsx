import { SelectField } from "@/components/forms/select-field";
import { TextField } from "@/components/forms/text-field";

export type StoreFieldTexts = { label: string; labelHint: string; merchant: string };

type Props = {
  texts: StoreFieldTexts;
  merchants: readonly { id: string; name: string }[];
  values: { label?: string; merchantId?: string };
  // changes with every answer of the form
  answer?: number;
};

// What we call the store, and whose it is where a person looks after several merchants.
export function StoreFields({ texts, merchants, values, answer = 0 }: Props) {
  return (
    <>
      {merchants.length > 1 && (
        <SelectField
          key={answer}
          id="merchantId"
          label={texts.merchant}
          defaultValue={values.merchantId}
          options={merchants.map(({ id, name }) => ({ value: id, label: name }))}
        />
      )}
      <TextField id="label" label={texts.label} hint={texts.labelHint} defaultValue={values.label} maxLength={80} autoComplete="off" />
    </>
  );
}
