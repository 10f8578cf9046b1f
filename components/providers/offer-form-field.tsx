import { RadioGroup } from "@/components/forms/radio-group";
import { TextField } from "@/components/forms/text-field";
import { TextareaField } from "@/components/forms/textarea-field";

export type FormField = {
  id: string;
  label: string;
  hint?: string;
  kind: "text" | "code" | "secret" | "lines" | "choice";
  language?: "en" | "ar";
  options?: { value: string; label: string }[];
};

type Props = { field: FormField; value: string; error?: string };

export function OfferFormField({ field: { id, label, hint, kind, language, options = [] }, value, error }: Props) {
  const common = { id, label, hint, error };
  if (kind === "choice") return <RadioGroup name={id} legend={label} hint={hint} error={error} options={options} defaultValue={value} />;
  if (kind === "lines")
    return <TextareaField {...common} maxLength={4_000} lang={language} dir={language === "ar" ? "rtl" : "ltr"} defaultValue={value} />;
  if (kind === "secret") return <TextField {...common} type="password" code autoComplete="off" maxLength={2_000} />;
  return <TextField {...common} code={kind === "code"} autoComplete="off" maxLength={2_000} defaultValue={value} />;
}
