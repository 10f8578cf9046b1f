import { notFound } from "next/navigation";
import { assertSameOrigin } from "@/lib/auth/origin";
import { noteEntry } from "@/lib/entry";

// Every server action is made here. Anybody may call one with anything: what no form of ours sends ends before the work begins.

/** An action of a form that leads to a page. */
export function acting(work: (form: FormData) => Promise<void>): (form: FormData) => Promise<void> {
  return async (form) => {
    await enter();
    return work(formOf(form));
  };
}

/** An action whose form shows what it answers; `nth` counts the answers that one form has had, this one included. */
export function answering<Answer extends object>(work: (form: FormData, nth: number) => Promise<Answer>) {
  return async (before: Answer | null, form: FormData): Promise<Answer> => {
    await enter();
    const nth = answersOf(before) + 1;
    return work(formOf(form), nth);
  };
}

/** An action that a script asks about one thing, by its id. */
export function asking<Answer>(work: (id: string) => Promise<Answer>): (id: string) => Promise<Answer> {
  return async (id) => {
    await enter();
    return typeof id === "string" ? work(id) : notFound();
  };
}

async function enter(): Promise<void> {
  noteEntry();
  await assertSameOrigin();
}

/** No column of text holds the character of number 0, and no page's form sends it. */
const holdsNul = (form: FormData): boolean => form.values().some((value) => typeof value === "string" && value.includes("\0"));

const formOf = (sent: unknown): FormData => (sent instanceof FormData && !holdsNul(sent) ? sent : notFound());

/** What was answered last is the browser's word, so nothing of it is believed but its number; null before there was any. */
function answersOf(before: unknown): number {
  if (before === null) return 0;
  if (typeof before !== "object" || Array.isArray(before)) notFound();
  const { answer = 0 } = before as { answer?: unknown };
  return typeof answer === "number" && Number.isSafeInteger(answer) && answer >= 0 ? answer : notFound();
}
