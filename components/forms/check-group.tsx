import type { ReactNode } from "react";
import { describedBy, FieldError } from "./field-frame";

type Props = {
  name: string;
  legend: ReactNode;
  hint?: ReactNode;
  error?: string;
  options: { value: string; label: ReactNode; hint?: ReactNode }[];
  defaultValues: readonly string[];
};

// Any number of choices. The first box carries the group's name as its id, so that an error summary can lead to it.
export function CheckGroup({ name, legend, hint, error, options, defaultValues }: Props) {
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
      <div className="mt-2 grid gap-1">
        {options.map(({ value, label, hint: note }, index) => (
          <label
            key={value}
            className="-mx-2 flex min-h-11 items-start gap-3 rounded-md px-2 py-2 has-focus-visible:outline-2 has-focus-visible:outline-offset-0 has-focus-visible:outline-focus"
          >
            <input
              type="checkbox"
              id={index === 0 ? name : undefined}
              name={name}
              value={value}
              defaultChecked={defaultValues.includes(value)}
              className="mt-1 size-4 shrink-0 focus-visible:outline-none"
            />
            <span className="min-w-0">
              <span className="block">{label}</span>
              {note && <span className="block text-sm text-muted">{note}</span>}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
