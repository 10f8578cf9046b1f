import type { ReactNode } from "react";
import { type Choice, ChoiceGroup } from "./choice-group";

type Props = {
  name: string;
  legend: ReactNode;
  hint?: ReactNode;
  error?: string;
  options: Choice[];
  defaultValue?: string;
  required?: boolean;
};

// One of some choices.
export function RadioGroup({ name, legend, hint, error, options, defaultValue, required }: Props) {
  return (
    <ChoiceGroup name={name} legend={legend} hint={hint} error={error}>
      <div className="mt-2 grid gap-2">
        {options.map((option, index) => (
          <label
            key={option.value}
            className="flex min-h-11 items-start gap-3 rounded-md border border-line-strong bg-surface-raised px-3 py-2.5 has-checked:border-accent has-checked:bg-accent-surface has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-focus"
          >
            <input
              type="radio"
              id={index === 0 ? name : undefined}
              name={name}
              value={option.value}
              defaultChecked={option.value === defaultValue}
              required={required}
              className="mt-1 size-4 shrink-0 focus-visible:outline-none"
            />
            <span>
              <span className="block">{option.label}</span>
              {option.hint && <span className="block text-sm text-muted">{option.hint}</span>}
            </span>
          </label>
        ))}
      </div>
    </ChoiceGroup>
  );
}
