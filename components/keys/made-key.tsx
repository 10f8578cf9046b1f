"use client";

import { type SecretTexts, ShownSecret } from "@/components/alerts/shown-secret";
import { ButtonLink } from "@/components/ui/button-link";

export type KeyTexts = SecretTexts & { saved: string };

// In place of the form that made it: with the next page it is gone.
export function MadeKey({ token, texts }: { token: string; texts: KeyTexts }) {
  return (
    <div role="status" className="grid justify-items-start gap-4">
      <ShownSecret secret={token} texts={texts} />
      <ButtonLink href="/keys" prefetch={false} tone="primary">
        {texts.saved}
      </ButtonLink>
    </div>
  );
}
