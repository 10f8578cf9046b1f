import type { ComponentProps, ReactNode } from "react";

type Props = Omit<ComponentProps<"input">, "type"> & { label: ReactNode; hint?: ReactNode };

export function Checkbox({ label, hint, ...input }: Props) {
  return (
    <label className="flex min-h-11 items-start gap-3 py-2.5">
      <input type="checkbox" {...input} className="mt-1 size-4 shrink-0" />
      <span>
        <span className="block">{label}</span>
        {hint && <span className="block text-sm text-muted">{hint}</span>}
      </span>
    </label>
  );
}
