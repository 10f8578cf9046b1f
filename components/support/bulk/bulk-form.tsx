"use client";

import { type ReactNode, useActionState } from "react";
import { ErrorSummary } from "@/components/forms/error-summary";
import { SubmitButton } from "@/components/forms/submit-button";
import { TextField } from "@/components/forms/text-field";
import { ReasonFields, type ReasonText } from "@/components/support/acts/reason-fields";

export type BulkValues = { cause: string; details: string; ticket: string; count: string };
export type BulkRefused = { answer: number; errors: { field: string; message: string }[]; values: BulkValues };

type Props = {
  action: (before: BulkRefused | null, form: FormData) => Promise<BulkRefused | null>;
  // what was chosen, as it was asked for
  chosen: [name: string, value: string][];
  count: number;
  // absent where the act needs no reason and can be undone
  asking: {
    causes: { value: string; label: string }[];
    texts: Record<ReasonText | "count" | "countHint", string>;
  } | null;
  problem: string;
  submit: string;
  cancel: ReactNode;
};

export function BulkForm({ action, chosen, count, asking, problem, submit, cancel }: Props) {
  const [refused, act] = useActionState(action, null);
  const errorOf = (field: string) => refused?.errors.find((error) => error.field === field)?.message;
  return (
    <form action={act} noValidate className="max-w-form space-y-5">
      <ErrorSummary title={problem} errors={refused?.errors ?? []} attempt={refused?.answer} />
      {chosen.map(([name, value]) => (
        <input key={`${name} ${value}`} type="hidden" name={name} value={value} />
      ))}
      {!asking && <input type="hidden" name="count" value={count} />}
      {asking && (
        <>
          <ReasonFields causes={asking.causes} texts={asking.texts} refused={refused} errorOf={errorOf} />
          <TextField
            id="count"
            label={
              <>
                {asking.texts.count}{" "}
                <code dir="ltr" className="rounded-sm bg-surface-sunken px-1.5 py-0.5 font-semibold select-all">
                  {count}
                </code>
              </>
            }
            hint={asking.texts.countHint}
            code
            inputMode="numeric"
            autoComplete="off"
            maxLength={12}
            defaultValue={refused?.values.count}
            error={errorOf("count")}
            required
          />
        </>
      )}
      <div className="flex flex-wrap gap-3">
        <SubmitButton tone={asking ? "danger" : "primary"} className="max-sm:w-full">
          {submit}
        </SubmitButton>
        {cancel}
      </div>
    </form>
  );
}
