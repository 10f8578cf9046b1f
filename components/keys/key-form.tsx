"use client";

import { useActionState } from "react";
import { CheckGroup } from "@/components/forms/check-group";
import { ErrorSummary } from "@/components/forms/error-summary";
import { SelectField } from "@/components/forms/select-field";
import { SubmitButton } from "@/components/forms/submit-button";
import { TextField } from "@/components/forms/text-field";
import { TextareaField } from "@/components/forms/textarea-field";
import { type KeyTexts, MadeKey } from "./made-key";

export type KeyValues = { name: string; scopes: string[]; merchants: string; offers: string[]; days: string; perSecond: string };
/** What came of it. `answer` counts; where it was refused what was typed comes back. */
export type KeyAnswer = { answer: number; token: string | null; errors: { field: string; message: string }[]; values: KeyValues | null };

type Choice = { value: string; label: string; hint?: string };
type Word = "problem" | "name" | "nameHint" | "scopes" | "merchants" | "merchantsHint" | "platforms" | "platformsHint";
type Props = {
  action: (before: KeyAnswer, form: FormData) => Promise<KeyAnswer>;
  scopes: Choice[];
  platforms: Choice[];
  days: Choice[];
  texts: Record<Word | "days" | "daysHint" | "perSecond" | "perSecondHint" | "submit", string> & { secret: KeyTexts };
};

const nothing: KeyAnswer = { answer: 0, token: null, errors: [], values: null };
const usual: KeyValues = { name: "", scopes: ["access:read"], merchants: "", offers: [], days: "90", perSecond: "500" };

export function KeyForm({ action, scopes, platforms, days, texts }: Props) {
  const [{ answer, token, errors, values }, make] = useActionState(action, nothing);
  if (token) return <MadeKey token={token} texts={texts.secret} />;
  const { name, scopes: ticked, merchants, offers, days: chosen, perSecond } = values ?? usual;
  const error = (field: string) => errors.find((one) => one.field === field)?.message;
  return (
    <form action={make} noValidate className="grid max-w-prose gap-6">
      <ErrorSummary title={texts.problem} errors={errors} attempt={answer} />
      <TextField
        key={`name-${answer}`}
        id="name"
        required
        maxLength={80}
        autoComplete="off"
        label={texts.name}
        hint={texts.nameHint}
        defaultValue={name}
        error={error("name")}
      />
      <CheckGroup
        key={`scopes-${answer}`}
        name="scopes"
        legend={texts.scopes}
        options={scopes}
        defaultValues={ticked}
        error={error("scopes")}
      />
      <TextareaField
        key={`merchants-${answer}`}
        id="merchants"
        label={texts.merchants}
        hint={texts.merchantsHint}
        defaultValue={merchants}
        error={error("merchants")}
      />
      {platforms.length > 0 && (
        <CheckGroup
          key={`offers-${answer}`}
          name="offers"
          legend={texts.platforms}
          hint={texts.platformsHint}
          options={platforms}
          defaultValues={offers}
          error={error("offers")}
        />
      )}
      <SelectField
        key={`days-${answer}`}
        id="days"
        label={texts.days}
        hint={texts.daysHint}
        options={days}
        defaultValue={chosen}
        error={error("days")}
      />
      <TextField
        key={`perSecond-${answer}`}
        id="perSecond"
        code
        inputMode="numeric"
        maxLength={7}
        autoComplete="off"
        label={texts.perSecond}
        hint={texts.perSecondHint}
        defaultValue={perSecond}
        error={error("perSecond")}
      />
      <SubmitButton className="justify-self-start">{texts.submit}</SubmitButton>
    </form>
  );
}
