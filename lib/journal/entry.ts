import type { Sealed } from "@/db/sealed";
import { seal, unseal } from "@/lib/vault";
import type { Answer, Entry } from "./work";

const place = (file: string, slot: number) => ({ table: "journal", column: "entry", row: `${file}/${slot}`, merchant: "" });

/** Bound to its file and its place in it, as every secret is to its row. */
export function sealEntry(entry: Entry, file: string, slot: number): string {
  return seal(JSON.stringify(entry), place(file, slot));
}

/** Throws VaultError. */
export function openEntry(sealed: string, file: string, slot: number): Entry {
  const entry = JSON.parse(unseal(sealed as Sealed, place(file, slot))) as Entry;
  // Dates come back as texts.
  if (entry.work.kind === "renewal" && entry.work.grant.expiresAt !== null)
    entry.work.grant.expiresAt = new Date(entry.work.grant.expiresAt as unknown as string);
  return entry;
}

/** The bytes as they came, whatever they are. */
export async function answerOf(path: string, response: Response): Promise<Answer> {
  const body = Buffer.from(await response.clone().arrayBuffer()).toString("base64");
  return { path, status: response.status, headers: [...response.headers], body };
}

export function responseOf({ status, headers, body }: Answer): Response {
  const bytes = Buffer.from(body, "base64");
  return new Response([204, 205].includes(status) ? null : bytes, { status, headers });
}
