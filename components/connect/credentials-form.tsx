"use client";

import { useActionState, useEffect } from "react";
import { ErrorSummary } from "@/components/forms/error-summary";
import { SubmitButton } from "@/components/forms/submit-button";
import { CredentialField, type WordedField } from "./credential-field";
import { fieldId } from "./field-id";
import { StoreFields, type StoreFieldTexts } from "./store-fields";

/** What came of sending the form: messages by field, and what was typed except secrets. `answer` counts. */
export type CredentialsAnswer = { answer: number; errors: { field?: string; message: string }[]; values: Record<string, string> };

type Props = {
  action: (before: CredentialsAnswer, form: FormData) => Promise<CredentialsAnswer>;
  hidden: Record<string, string>;
  fields: WordedField[];
  // null: a store that has its name and merchant already
  store: {
    texts: StoreFieldTexts;
    merchants: readonly { id: string; name: string }[];
    values: { label?: string; merchantId?: string };
  } | null;
  // in `errorTitle`, %s stands for the page's title
  texts: { problem: string; submit: string; secretAgain: string; errorTitle: string };
};

// Hides a field unless the nth choice of the controlling radio group is made: by style alone, so without a script too.
const unless = [
  "in-[form:has([data-controls]_label:not(:nth-child(1))_input:checked)]:hidden",
  "in-[form:has([data-controls]_label:not(:nth-child(2))_input:checked)]:hidden",
  "in-[form:has([data-controls]_label:not(:nth-child(3))_input:checked)]:hidden",
];

function askedOnlyWhen({ when }: WordedField, fields: WordedField[]): string | undefined {
  const choice = fields.find(({ name }) => name === when?.name)?.options?.findIndex(({ value }) => value === when?.value);
  return choice === undefined ? undefined : unless[choice];
}

// With and without a script the same action answers, and what was typed stays; secrets never come back.
export function CredentialsForm({ action, hidden, fields, store, texts }: Props) {
  const [{ answer, errors, values }, send] = useActionState(action, { answer: 0, errors: [], values: {} });
  const failed = errors.length > 0;
  useEffect(() => {
    if (!failed) return;
    const before = document.title;
    document.title = texts.errorTitle.replace("%s", before);
    return () => {
      document.title = before;
    };
  }, [failed, texts.errorTitle]);
  const errorOf = (id: string) => errors.find(({ field }) => field === id)?.message;
  return (
    <form action={send} noValidate className="space-y-5">
      <ErrorSummary title={texts.problem} errors={named(errors, fields)} attempt={answer} />
      {Object.entries(hidden).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      {fields.map((field) => (
        <div
          key={field.name}
          data-controls={fields.some(({ when }) => when?.name === field.name) || undefined}
          className={askedOnlyWhen(field, fields)}
        >
          <CredentialField
            field={field}
            value={values[fieldId(field.name)]}
            error={errorOf(fieldId(field.name))}
            secretHint={failed ? texts.secretAgain : undefined}
          />
        </div>
      ))}
      {store && (
        <StoreFields
          texts={store.texts}
          merchants={store.merchants}
          values={failed ? { label: values.label, merchantId: values.merchantId } : store.values}
          answer={answer}
        />
      )}
      <SubmitButton className="w-full sm:w-auto">{texts.submit}</SubmitButton>
    </form>
  );
}

// Links with the same words would not say where they lead.
function named(errors: CredentialsAnswer["errors"], fields: WordedField[]): CredentialsAnswer["errors"] {
  return errors.map(({ field, message }) => {
    const label = fields.find(({ name }) => fieldId(name) === field)?.label;
    const twice = errors.filter((other) => other.message === message).length > 1;
    return { field, message: label && twice ? `${label}: ${message}` : message };
  });
}
