"use client";

import { type ReactNode, useActionState } from "react";
import { SubmitButton } from "@/components/forms/submit-button";
import { Notice } from "@/components/ui/notice";
import type { Tone } from "@/components/ui/tone";

export type Told = { tone: Tone; text: string };

type Props = {
  action: (before: Told | null, form: FormData) => Promise<Told | null>;
  connectionId: string;
  acts: { value: string; label: string }[];
  // other ways on, in the same row
  children?: ReactNode;
};

// Buttons that each do one thing at once, and under them what came of the last one.
export function ActForm({ action, connectionId, acts, children }: Props) {
  const [told, act] = useActionState(action, null);
  return (
    <form action={act}>
      <input type="hidden" name="connectionId" value={connectionId} />
      <div className="flex flex-wrap gap-2">
        {acts.map(({ value, label }) => (
          <SubmitButton key={value} tone="secondary" name="act" value={value}>
            {label}
          </SubmitButton>
        ))}
        {children}
      </div>
      <div role="status">
        {told && (
          <div className="mt-4">
            <Notice tone={told.tone}>{told.text}</Notice>
          </div>
        )}
      </div>
    </form>
  );
}
