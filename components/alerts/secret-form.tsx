"use client";

import { useActionState } from "react";
import { SubmitButton } from "@/components/forms/submit-button";
import { type SecretTexts, ShownSecret } from "./shown-secret";

export type Made = { secret: string };

type Props = {
  action: (before: Made | null, form: FormData) => Promise<Made | null>;
  destinationId: string;
  texts: { submit: string; hint: string; secret: SecretTexts };
};

export function SecretForm({ action, destinationId, texts }: Props) {
  const [made, rotate] = useActionState(action, null);
  return (
    <form action={rotate} className="grid justify-items-start gap-1.5">
      <input type="hidden" name="destinationId" value={destinationId} />
      <p className="text-muted">{texts.hint}</p>
      <SubmitButton tone="secondary" size="small">
        {texts.submit}
      </SubmitButton>
      <div role="status" className="w-full pt-2 empty:hidden">
        {made && <ShownSecret secret={made.secret} texts={texts.secret} />}
      </div>
    </form>
  );
}
