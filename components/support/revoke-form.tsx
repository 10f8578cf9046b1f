"use client";

import { type ReactNode, useActionState, useEffect } from "react";
import { ErrorSummary } from "@/components/forms/error-summary";
import { RadioGroup } from "@/components/forms/radio-group";
import { SelectField } from "@/components/forms/select-field";
import { SubmitButton } from "@/components/forms/submit-button";
import { TextareaField } from "@/components/forms/textarea-field";

export type Refused = {
  attempt: number;
  errors: { field: string; message: string }[];
  values: { cause: string; details: string; reach: string };
};

type Props = {
  action: (before: Refused | null, form: FormData) => Promise<Refused | null>;
  connectionId: string;
  texts: {
    problem: string;
    // %s stands for the page's title
    errorTitle: string;
    cause: string;
    details: string;
    detailsHint: string;
    reach: string;
    submit: ReactNode;
  };
  causes: { value: string; label: string }[];
  // empty: there is only one way to end it
  reaches: { value: string; label: string; hint?: string }[];
  cancel: ReactNode;
};

export function RevokeForm({ action, connectionId, texts, causes, reaches, cancel }: Props) {
  const [refused, act] = useActionState(action, null);
  const errorOf = (field: string) => refused?.errors.find((error) => error.field === field)?.message;
  const failed = refused !== null;
  useEffect(() => {
    if (!failed) return;
    const before = document.title;
    document.title = texts.errorTitle.replace("%s", before);
    return () => {
      document.title = before;
    };
  }, [failed, texts.errorTitle]);
  return (
    <form action={act} noValidate className="space-y-6">
      <ErrorSummary title={texts.problem} errors={refused?.errors ?? []} attempt={refused?.attempt} />
      <input type="hidden" name="connectionId" value={connectionId} />
      {reaches.length > 0 && (
        <RadioGroup name="reach" legend={texts.reach} options={reaches} defaultValue={refused?.values.reach ?? reaches[0]?.value} />
      )}
      <SelectField
        key={`cause-${refused?.attempt}`}
        id="cause"
        label={texts.cause}
        options={causes}
        defaultValue={refused?.values.cause ?? ""}
        error={errorOf("cause")}
        required
      />
      <TextareaField
        id="details"
        label={texts.details}
        hint={texts.detailsHint}
        maxLength={400}
        defaultValue={refused?.values.details}
        error={errorOf("details")}
      />
      <div className="flex flex-wrap gap-3">
        <SubmitButton tone="danger" className="max-sm:w-full">
          {texts.submit}
        </SubmitButton>
        {cancel}
      </div>
    </form>
  );
}
