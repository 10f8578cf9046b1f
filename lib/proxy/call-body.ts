import { AppError } from "@/lib/errors";
import { within } from "@/lib/within";

/** So much is kept to be sent a second time; more goes through as it comes. */
const KEPT_BYTES = 65_536;
/** And waited for so long. */
const KEPT_MS = 60_000;

export type CallBody =
  | { kind: "none" }
  /** Here as a whole: it can be sent again. */
  | { kind: "kept"; bytes: Uint8Array }
  /** Passed on as it comes, once; `length` null: in chunks. */
  | { kind: "flowing"; stream: ReadableStream<Uint8Array>; length: string | null };

/** What a caller sends along. Throws AppError `body_cut` where it said how long it is and did not send it in time. */
export async function callBody(request: Request, keptMs = KEPT_MS): Promise<CallBody> {
  const told = request.headers.get("content-length");
  const length = told !== null && /^\d{1,15}$/.test(told) ? told : null;
  if (request.method === "GET" || request.method === "HEAD" || length === "0" || request.body === null) return { kind: "none" };
  if (length === null || Number(length) > KEPT_BYTES) return { kind: "flowing", stream: request.body, length };
  const bytes = await within(keptMs, request.arrayBuffer()).catch(() => {
    throw new AppError("body_cut", 400);
  });
  return { kind: "kept", bytes: new Uint8Array(bytes) };
}
