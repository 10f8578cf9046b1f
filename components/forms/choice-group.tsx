import type { ReactNode } from "react";
import { describedBy, FieldError } from "./field-frame";

export type Choice = { value: string; label: ReactNode; hint?: ReactNode };

type Props = { name: string; legend: ReactNode; hint?: ReactNode; error?: string; children: ReactNode };

// Legend, hint and error around choices; the first of them carries the group's name as its id, so that an error summary can lead to it.
export function ChoiceGroup({ name, legend, hint, error, children }: Props) {
  return (
    <fieldset
      aria-describedby={describedBy({ id: name, hint, error })}
      aria-invalid={error ? true : undefined}
      className={error ? "border-s-2 border-critical ps-3" : undefined}
    >
      <legend className="font-medium">{legend}</legend>
      {hint && (
        <div id={`${name}-hint`} className="text-sm text-muted">
          {hint}
        </div>
      )}
      {error && <FieldError id={name}>{error}</FieldError>}
      {children}
    </fieldset>
  );
}
