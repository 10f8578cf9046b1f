"use client";

import { useEffect, useRef } from "react";

type Props = {
  title: string;
  // `field` is the id of the control that the line leads to; absent: the problem belongs to no one field
  errors: { field?: string; message: string }[];
  // changes with every answer, so that the same errors twice are announced twice
  attempt?: number | string;
};

// First on the page after a failed submission; takes the focus. Give it nothing to say and it is not there.
export function ErrorSummary({ title, errors, attempt }: Props) {
  const box = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new attempt moves the focus again
  useEffect(() => box.current?.focus(), [attempt]);
  if (errors.length === 0) return null;
  return (
    <div
      ref={box}
      role="alert"
      tabIndex={-1}
      aria-labelledby="error-summary"
      className="mb-6 rounded-lg border-2 border-critical bg-surface-raised p-4"
    >
      <h2 id="error-summary" className="font-semibold">
        {title}
      </h2>
      <ul className="mt-1">
        {errors.map(({ field, message }) => (
          <li key={`${field} ${message}`}>
            {field ? (
              <a href={`#${field}`} className="link inline-flex min-h-11 items-center font-medium text-critical">
                {message}
              </a>
            ) : (
              <span className="font-medium text-critical">{message}</span>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}
