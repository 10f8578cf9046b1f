import { RadioGroup } from "@/components/forms/radio-group";
import { TextField } from "@/components/forms/text-field";
import type { OfferView } from "@/lib/connections/catalogue";
import { fieldId } from "./field-id";

/** A field of a platform with its words, as a form that knows no catalogue needs it. */
export type WordedField = Omit<OfferView["fields"][number], "options"> & {
  label: string;
  hint?: string;
  options?: { value: string; label: string }[];
};

type Props = { field: WordedField; value: string | undefined; error: string | undefined; secretHint: string | undefined };

// Nothing is marked as required for the browser: its bubbles speak their own language, and a field that is not asked
// for would hold the form back.
export function CredentialField({ field, value, error, secretHint }: Props) {
  const { name, kind, label, hint, options, initial } = field;
  const id = fieldId(name);
  if (kind === "choice")
    return <RadioGroup name={id} legend={label} hint={hint} error={error} options={options ?? []} defaultValue={value ?? initial} />;
  if (kind === "secret")
    return (
      <TextField id={id} type="password" code label={label} hint={secretHint ?? hint} error={error} autoComplete="off" maxLength={8192} />
    );
  return (
    <TextField
      id={id}
      code
      label={label}
      hint={hint}
      error={error}
      defaultValue={value ?? initial}
      inputMode={kind === "number" ? "numeric" : undefined}
      autoComplete="off"
      maxLength={8192}
    />
  );
}
