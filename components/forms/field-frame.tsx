import { CircleAlert } from "lucide-react";
import type { ReactNode } from "react";

type Props = { id: string; label: ReactNode; hint?: ReactNode; error?: string; children: ReactNode };

/** What aria-describedby of the control must name. */
export function describedBy({ id, hint, error }: { id: string; hint?: ReactNode; error?: string }): string | undefined {
  return [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ") || undefined;
}

// Label, hint and error around any control; the error stands between the question and the answer.
export function FieldFrame({ id, label, hint, error, children }: Props) {
  return (
    <div className={error ? "border-s-2 border-critical ps-3" : undefined}>
      <label htmlFor={id} className="block font-medium">
        {label}
      </label>
      {hint && (
        <div id={`${id}-hint`} className="text-sm text-muted">
          {hint}
        </div>
      )}
      {error && <FieldError id={id}>{error}</FieldError>}
      <div className="mt-1.5">{children}</div>
    </div>
  );
}

export function FieldError({ id, children }: { id: string; children: string }) {
  return (
    <p id={`${id}-error`} className="mt-1 flex items-start gap-1.5 text-sm font-medium text-critical">
      <CircleAlert size={16} aria-hidden="true" className="mt-0.5 shrink-0" />
      {children}
    </p>
  );
}
