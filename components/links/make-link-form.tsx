"use client";

import { useActionState } from "react";
import { type SecretTexts, ShownSecret } from "@/components/alerts/shown-secret";
import { SubmitButton } from "@/components/forms/submit-button";
import { Notice } from "@/components/ui/notice";

/** The address is in this one answer, which nobody gets again. `text` says until when it works. */
export type MadeLink = { id: string; url: string; text: string } | { problem: string };

type Props = {
  action: (before: MadeLink | null, form: FormData) => Promise<MadeLink | null>;
  connectionId: string;
  // the links that still work
  open: readonly string[];
  // what it can be for
  purposes: { value: string; label: string }[];
  texts: Omit<SecretTexts, "text">;
};

export function MakeLinkForm({ action, connectionId, open, purposes, texts }: Props) {
  const [answer, make] = useActionState(action, null);
  // One that was taken back since, or used, is nothing to send.
  const made = answer && "id" in answer && !open.includes(answer.id) ? null : answer;
  return (
    <form action={make} className="space-y-3">
      <input type="hidden" name="connectionId" value={connectionId} />
      <div className="flex flex-wrap gap-2">
        {purposes.map(({ value, label }) => (
          <SubmitButton key={value} tone="secondary" name="purpose" value={value}>
            {label}
          </SubmitButton>
        ))}
      </div>
      <div role="status" className="empty:hidden">
        {made && "url" in made && <ShownSecret secret={made.url} texts={{ ...texts, text: made.text }} />}
        {made && "problem" in made && <Notice tone="warning">{made.problem}</Notice>}
      </div>
    </form>
  );
}
