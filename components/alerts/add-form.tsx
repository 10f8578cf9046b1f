"use client";

import { useActionState } from "react";
import { ErrorSummary } from "@/components/forms/error-summary";
import { RadioGroup } from "@/components/forms/radio-group";
import { SelectField } from "@/components/forms/select-field";
import { SubmitButton } from "@/components/forms/submit-button";
import { TextField } from "@/components/forms/text-field";
import { Notice } from "@/components/ui/notice";
import { type SecretTexts, ShownSecret } from "./shown-secret";

/** What came of adding. `answer` counts; `values` come back where it was refused. */
export type Added = {
  answer: number;
  told: string | null;
  secret: string | null;
  error: string | null;
  values: { kind: string; address: string; locale: string } | null;
};

type Choice = { value: string; label: string; hint?: string };
type Props = {
  action: (before: Added, form: FormData) => Promise<Added>;
  locale: string;
  kinds: Choice[];
  languages: Choice[];
  texts: Record<"problem" | "kind" | "address" | "addressHint" | "language" | "submit", string> & { secret: SecretTexts };
};

const nothing: Added = { answer: 0, told: null, secret: null, error: null, values: null };

export function AddForm({ action, locale, kinds, languages, texts }: Props) {
  const [{ answer, told, secret, error, values }, add] = useActionState(action, nothing);
  return (
    <form action={add} noValidate className="grid gap-4">
      {error && <ErrorSummary title={texts.problem} errors={[{ field: "address", message: error }]} attempt={answer} />}
      <div role="status" className="grid gap-3 empty:hidden">
        {told && <Notice tone="positive">{told}</Notice>}
        {secret && <ShownSecret secret={secret} texts={texts.secret} />}
      </div>
      <RadioGroup key={`kind-${answer}`} name="kind" legend={texts.kind} options={kinds} defaultValue={values?.kind ?? "email"} />
      <TextField
        key={`address-${answer}`}
        id="address"
        code
        required
        maxLength={2_000}
        autoComplete="off"
        label={texts.address}
        hint={texts.addressHint}
        defaultValue={values?.address}
        error={error ?? undefined}
      />
      <SelectField
        key={`locale-${answer}`}
        id="locale"
        label={texts.language}
        options={languages}
        defaultValue={values?.locale || locale}
      />
      <SubmitButton className="justify-self-start">{texts.submit}</SubmitButton>
    </form>
  );
}
