"use client";

import { useRouter } from "next/navigation";
import { type ReactNode, useActionState, useEffect, useState } from "react";
import { SubmitButton } from "@/components/forms/submit-button";
import { Notice } from "@/components/ui/notice";
import type { Tone } from "@/components/ui/tone";

// `running`: it goes on by itself, and the page is to be looked at again. `about`: the store's name, where many are on the page.
export type Told = { tone: Tone; text: string; running?: true; about?: string };

type Props = {
  action: (before: Told | null, form: FormData) => Promise<Told | null>;
  connectionId: string;
  // `waitS`: the platform takes none before
  acts: { value: string; label: string; waitS: number }[];
  // why they cannot be pressed now
  throttled: string | null;
  ended: string;
  // changes with every change of the connection
  version: string;
  // other ways on, in the same row
  children?: ReactNode;
};

const LOOK_MS = 3_000;

// Buttons that each do one thing at once, and under them what came of the last one.
export function ActForm({ action, connectionId, acts, throttled, ended, version, children }: Props) {
  const [answer, act] = useActionState(action, null);
  const router = useRouter();
  const [since, setSince] = useState(version);
  const waiting = answer?.running === true && since === version;
  const told = answer?.running && !waiting ? { tone: "info" as const, text: ended } : answer;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the version that the page had when the answer came
  useEffect(() => setSince(version), [answer]);
  useEffect(() => {
    if (!waiting) return;
    const timer = setInterval(() => router.refresh(), LOOK_MS);
    return () => clearInterval(timer);
  }, [waiting, router]);
  const waitS = Math.min(...acts.map((one) => one.waitS).filter((seconds) => seconds > 0));
  useEffect(() => {
    if (!Number.isFinite(waitS)) return;
    const timer = setTimeout(() => router.refresh(), (waitS + 1) * 1000);
    return () => clearTimeout(timer);
  }, [waitS, router]);
  return (
    <form action={act}>
      <input type="hidden" name="connectionId" value={connectionId} />
      <div className="flex flex-wrap gap-2">
        {acts.map(({ value, label, waitS: wait }) => (
          <SubmitButton
            key={value}
            tone="secondary"
            name="act"
            value={value}
            data-palette
            {...(wait > 0 && { "aria-disabled": true, "aria-describedby": "act-throttled" })}
          >
            {label}
          </SubmitButton>
        ))}
        {children}
      </div>
      {throttled && (
        <p id="act-throttled" className="mt-2 text-sm text-muted">
          {throttled}
        </p>
      )}
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
