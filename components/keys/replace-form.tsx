"use client";

import { useActionState } from "react";
import { RadioGroup } from "@/components/forms/radio-group";
import { SubmitButton } from "@/components/forms/submit-button";
import { type KeyTexts, MadeKey } from "./made-key";

export type Replaced = { token: string };

type Props = {
  action: (before: Replaced | null, form: FormData) => Promise<Replaced | null>;
  keyId: string;
  overlaps: { value: string; label: string }[];
  texts: { overlap: string; submit: string; secret: KeyTexts };
};

export function ReplaceForm({ action, keyId, overlaps, texts }: Props) {
  const [made, replace] = useActionState(action, null);
  if (made) return <MadeKey token={made.token} texts={texts.secret} />;
  return (
    <form action={replace} className="grid max-w-prose gap-6">
      <input type="hidden" name="keyId" value={keyId} />
      <RadioGroup name="overlap" legend={texts.overlap} options={overlaps} defaultValue={overlaps[0]?.value} required />
      <SubmitButton className="justify-self-start">{texts.submit}</SubmitButton>
    </form>
  );
}
