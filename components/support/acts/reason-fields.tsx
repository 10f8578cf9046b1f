import { SelectField } from "@/components/forms/select-field";
import { TextField } from "@/components/forms/text-field";
import { TextareaField } from "@/components/forms/textarea-field";

export type ReasonText = "cause" | "details" | "detailsHint" | "ticket" | "optional";

type Props = {
  causes: { value: string; label: string }[];
  texts: Record<ReasonText, string>;
  // what was sent and refused
  refused: { answer: number; values: Record<"cause" | "details" | "ticket", string> } | null;
  errorOf: (field: string) => string | undefined;
};

// Why access is ended: one of the usual causes, some words, and the ticket that it is about.
export function ReasonFields({ causes, texts, refused, errorOf }: Props) {
  return (
    <>
      <SelectField
        key={`cause-${refused?.answer}`}
        id="cause"
        label={texts.cause}
        options={causes}
        defaultValue={refused?.values.cause ?? ""}
        error={errorOf("cause")}
        required
      />
      <TextareaField
        id="details"
        label={texts.details}
        hint={texts.detailsHint}
        rows={2}
        maxLength={400}
        defaultValue={refused?.values.details}
        error={errorOf("details")}
        required
      />
      <TextField
        id="ticket"
        label={
          <>
            {texts.ticket} <span className="text-sm font-normal text-muted">{texts.optional}</span>
          </>
        }
        maxLength={100}
        autoComplete="off"
        dir="auto"
        defaultValue={refused?.values.ticket}
      />
    </>
  );
}
