/** Everything that asks for a revocation, in words: the same for the dialog and for its page. */
export type RevokeParts = {
  connectionId: string;
  /** What has to be typed. */
  code: string;
  title: string;
  lead: string;
  final: string;
  consequences: string | null;
  siblings: { title: string; stores: { href: string; text: string }[] } | null;
  causes: { value: string; label: string }[];
  /** Empty: there is only one way to end it. */
  reaches: { value: string; label: string; hint?: string }[];
  texts: Record<
    | "problem"
    | "errorTitle"
    | "cause"
    | "details"
    | "detailsHint"
    | "ticket"
    | "optional"
    | "reach"
    | "confirm"
    | "confirmHint"
    | "submit"
    | "cancel",
    string
  >;
};

export type RevokeValues = { cause: string; details: string; ticket: string; reach: string; confirm: string };

/** `ended`: by this person, or by somebody who was faster; the text says which. */
export type RevokeAnswer =
  | { kind: "refused"; answer: number; errors: { field: string; message: string }[]; values: RevokeValues }
  | { kind: "ended"; connectionId: string; by: "me" | "other"; text: string };

export type RevokeAction = (before: RevokeAnswer | null, form: FormData) => Promise<RevokeAnswer | null>;
