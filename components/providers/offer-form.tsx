"use client";

import { CircleCheck, CircleX } from "lucide-react";
import { type ReactNode, useActionState } from "react";
import { ErrorSummary } from "@/components/forms/error-summary";
import { SubmitButton } from "@/components/forms/submit-button";
import { Notice } from "@/components/ui/notice";
import { type FormField, OfferFormField } from "./offer-form-field";

/** What came of a form. `answer` counts; `values` are everything typed but the secret, and which `version` was there to be changed. */
export type OfferAnswer = {
  answer: number;
  errors: { field?: string; message: string }[];
  values: Record<string, string>;
  told: string | null;
  findings: { label: string; text: string; good: boolean }[];
};

export type FormSection = { title: string; hint?: ReactNode; fields: FormField[] };

type Props = {
  action: (before: OfferAnswer, form: FormData) => Promise<OfferAnswer>;
  slug: string | null;
  values: Record<string, string>;
  sections: FormSection[];
  texts: Record<"problem" | "save" | "discover" | "check" | "checked", string>;
};

export function OfferForm({ action, slug, values: first, sections, texts }: Props) {
  const [{ answer, errors, values, told, findings }, act] = useActionState(action, {
    answer: 0,
    errors: [],
    values: first,
    told: null,
    findings: [],
  });
  return (
    <form action={act} noValidate className="space-y-6">
      {/* Enter in any field saves: of several buttons the first one is pressed. */}
      <button type="submit" name="intent" value="save" hidden />
      {slug !== null && <input type="hidden" name="slug" value={slug} />}
      {values.version && <input type="hidden" name="version" value={values.version} />}
      <ErrorSummary title={texts.problem} errors={errors} attempt={answer} />
      {sections.map(({ title, hint, fields }) => (
        <fieldset key={title} className="min-w-0 rounded-lg border border-line bg-surface-raised p-5 wrap-anywhere">
          <legend className="px-1 text-lg font-semibold">{title}</legend>
          {hint && <div className="mb-4 text-muted">{hint}</div>}
          <div className="grid gap-5">
            {fields.map((field) => (
              <OfferFormField
                key={`${field.id}-${answer}`}
                field={field}
                value={values[field.id] ?? ""}
                error={errors.find((error) => error.field === field.id)?.message}
              />
            ))}
          </div>
          {fields.some(({ id }) => id === "issuer") && (
            <div className="mt-5 space-y-4">
              <div className="flex flex-wrap gap-3">
                <SubmitButton tone="secondary" name="intent" value="discover">
                  {texts.discover}
                </SubmitButton>
                <SubmitButton tone="secondary" name="intent" value="check">
                  {texts.check}
                </SubmitButton>
              </div>
              <div role="status" className="space-y-3 empty:hidden">
                {told && <Notice tone="info">{told}</Notice>}
                {findings.length > 0 && (
                  <Notice tone={findings.every(({ good }) => good) ? "positive" : "warning"} title={texts.checked}>
                    <ul className="space-y-1">
                      {findings.map(({ label, text, good }) => {
                        const Icon = good ? CircleCheck : CircleX;
                        return (
                          <li key={label} className="flex items-start gap-2">
                            <Icon size={16} aria-hidden="true" className={`mt-1 shrink-0 ${good ? "text-positive" : "text-critical"}`} />
                            <span>
                              <span className="font-medium">{label}</span>: {text}
                            </span>
                          </li>
                        );
                      })}
                    </ul>
                  </Notice>
                )}
              </div>
            </div>
          )}
        </fieldset>
      ))}
      <SubmitButton name="intent" value="save">
        {texts.save}
      </SubmitButton>
    </form>
  );
}
