"use client";

import { type ReactNode, useActionState, useEffect, useRef } from "react";
import { ErrorSummary } from "@/components/forms/error-summary";
import { RadioGroup } from "@/components/forms/radio-group";
import { SubmitButton } from "@/components/forms/submit-button";
import { TextField } from "@/components/forms/text-field";
import { ReasonFields } from "./reason-fields";
import type { RevokeAction, RevokeAnswer, RevokeParts } from "./revoke-parts";

type Props = {
  action: RevokeAction;
  parts: RevokeParts;
  cancel: ReactNode;
  // in a dialog: what was answered stays here, instead of leading to another page
  onEnded?: (answer: Extract<RevokeAnswer, { kind: "ended" }>) => void;
};

export function RevokeForm({ action, parts, cancel, onEnded }: Props) {
  const { connectionId, code, causes, reaches, texts } = parts;
  const [answer, act] = useActionState(action, null);
  const form = useRef<HTMLFormElement>(null);
  const refused = answer?.kind === "refused" ? answer : null;
  const errorOf = (field: string) => refused?.errors.find((error) => error.field === field)?.message;
  const failed = refused !== null;
  useEffect(() => {
    if (answer?.kind === "ended") onEnded?.(answer);
  }, [answer, onEnded]);
  // Not on the red button: the first thing to do is to say why.
  useEffect(() => {
    if (onEnded) form.current?.querySelector("select")?.focus();
  }, [onEnded]);
  useEffect(() => {
    if (!failed) return;
    const before = document.title;
    document.title = texts.errorTitle.replace("%s", before);
    return () => {
      document.title = before;
    };
  }, [failed, texts.errorTitle]);
  return (
    <form ref={form} action={act} noValidate className="space-y-5">
      <ErrorSummary title={texts.problem} errors={refused?.errors ?? []} attempt={refused?.answer} />
      <input type="hidden" name="connectionId" value={connectionId} />
      {onEnded && <input type="hidden" name="stay" value="1" />}
      {reaches.length > 0 && (
        <RadioGroup name="reach" legend={texts.reach} options={reaches} defaultValue={refused?.values.reach ?? reaches[0]?.value} />
      )}
      <ReasonFields causes={causes} texts={texts} refused={refused} errorOf={errorOf} />
      <TextField
        id="confirm"
        label={
          <>
            {texts.confirm}{" "}
            <code dir="ltr" className="rounded-sm bg-surface-sunken px-1.5 py-0.5 font-semibold select-all">
              {code}
            </code>
          </>
        }
        hint={texts.confirmHint}
        code
        autoComplete="off"
        maxLength={20}
        defaultValue={refused?.values.confirm}
        error={errorOf("confirm")}
        required
      />
      <div className="flex flex-wrap gap-3">
        <SubmitButton tone="danger" className="max-sm:w-full">
          <span className="wrap-anywhere">{texts.submit}</span>
        </SubmitButton>
        {cancel}
      </div>
    </form>
  );
}
