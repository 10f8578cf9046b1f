import type { ReactNode } from "react";
import { type Choice, ChoiceGroup } from "./choice-group";

type Props = {
  name: string;
  legend: ReactNode;
  hint?: ReactNode;
  error?: string;
  options: Choice[];
  defaultValues: readonly string[];
};

// Any number of choices.
export function CheckGroup({ name, legend, hint, error, options, defaultValues }: Props) {
  return (
    <ChoiceGroup name={name} legend={legend} hint={hint} error={error}>
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
    </ChoiceGroup>
  );
}
