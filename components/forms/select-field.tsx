import { ChevronDown } from "lucide-react";
import type { ComponentProps, ReactNode } from "react";
import { controlClass } from "./control-class";
import { describedBy, FieldFrame } from "./field-frame";

type Props = Omit<ComponentProps<"select">, "id" | "children"> & {
  id: string;
  label: ReactNode;
  hint?: ReactNode;
  error?: string;
  options: { value: string; label: string }[];
};

// React resets a form after its action and a select then falls back to its first choice: in such a form give
// it a `key` that changes with every answer.
export function SelectField({ label, hint, error, options, ...select }: Props) {
  const { id } = select;
  return (
    <FieldFrame id={id} label={label} hint={hint} error={error}>
      <div className="relative">
        <select
          name={id}
          {...select}
          aria-describedby={describedBy({ id, hint, error })}
          aria-invalid={error ? true : undefined}
          className={`${controlClass} appearance-none pe-10`}
        >
          {options.map(({ value, label: text }) => (
            <option key={value} value={value}>
              {text}
            </option>
          ))}
        </select>
        <ChevronDown size={16} aria-hidden="true" className="pointer-events-none absolute end-3 top-1/2 -translate-y-1/2 text-muted" />
      </div>
    </FieldFrame>
  );
}
