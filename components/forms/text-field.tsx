import type { ComponentProps, ReactNode } from "react";
import { controlClass } from "./control-class";
import { describedBy, FieldFrame } from "./field-frame";

type Props = Omit<ComponentProps<"input">, "id"> & {
  id: string;
  label: ReactNode;
  hint?: ReactNode;
  error?: string;
  // ids, secrets, hosts and numbers read left to right in Arabic as well
  code?: boolean;
};

export function TextField({ label, hint, error, code, className = "", ...input }: Props) {
  const { id } = input;
  return (
    <FieldFrame id={id} label={label} hint={hint} error={error}>
      <input
        name={id}
        type="text"
        {...(code && { dir: "ltr", autoCapitalize: "none", autoCorrect: "off", spellCheck: false })}
        {...input}
        aria-describedby={describedBy({ id, hint, error })}
        aria-invalid={error ? true : undefined}
        className={`${controlClass} ${code ? "font-mono rtl:text-end" : ""} ${className}`}
      />
    </FieldFrame>
  );
}
