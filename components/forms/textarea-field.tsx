import type { ComponentProps, ReactNode } from "react";
import { controlClass } from "./control-class";
import { describedBy, FieldFrame } from "./field-frame";

type Props = Omit<ComponentProps<"textarea">, "id"> & { id: string; label: ReactNode; hint?: ReactNode; error?: string };

export function TextareaField({ label, hint, error, ...area }: Props) {
  const { id } = area;
  return (
    <FieldFrame id={id} label={label} hint={hint} error={error}>
      <textarea
        name={id}
        rows={3}
        {...area}
        aria-describedby={describedBy({ id, hint, error })}
        aria-invalid={error ? true : undefined}
        className={controlClass}
      />
    </FieldFrame>
  );
}
