/** What a form sends. */
export function formOf(values: Record<string, string>): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(values)) form.set(name, value);
  return form;
}

/** Where an action leads; its refusals are thrown as they are. */
export async function led(work: Promise<unknown>): Promise<string> {
  const thrown = await work.then(
    () => null,
    (error: unknown) => error,
  );
  const digest = String((thrown as { digest?: unknown } | null)?.digest ?? "");
  if (!digest.startsWith("NEXT_REDIRECT")) throw thrown ?? new Error("It led nowhere");
  return digest.split(";")[2] ?? "";
}
