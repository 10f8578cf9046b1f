"use client";

import { useEffect, useRef } from "react";
import { CopyButton } from "@/components/ui/copy-button";
import { Notice } from "@/components/ui/notice";

export type SecretTexts = { title: string; text: string; copy: string; copied: string };

// Stands in the answer of the act that made it, and is gone with it.
export function ShownSecret({ secret, texts }: { secret: string; texts: SecretTexts }) {
  const box = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another secret takes the focus anew
  useEffect(() => box.current?.focus(), [secret]);
  return (
    <div ref={box} tabIndex={-1} className="rounded-lg">
      <Notice tone="warning" title={texts.title}>
        <p>{texts.text}</p>
        <p dir="ltr" className="mt-2 flex items-center gap-1">
          <code className="min-w-0 break-all select-all">{secret}</code>
          <CopyButton text={secret} label={texts.copy} copiedLabel={texts.copied} />
        </p>
      </Notice>
    </div>
  );
}
