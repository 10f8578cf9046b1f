import { z } from "zod";

const address = z.email().max(254);

/** The one spelling of an address that is stored and compared; null for what is none. */
export function emailAddress(text: unknown): string | null {
  if (typeof text !== "string") return null;
  // Normalised first: a look-alike of "@" must not become one after the check.
  const parsed = address.safeParse(text.normalize("NFKC").trim().toLowerCase());
  return parsed.success ? parsed.data : null;
}
