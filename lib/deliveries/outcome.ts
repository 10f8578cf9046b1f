/**
 * What came of a try: an HTTP status or a short code of ours, never what the other side wrote. `failed` is tried again unless it is
 * `final`; `dropped` has nobody to go to any more; `later` was not the moment.
 */
export type Outcome =
  | { kind: "delivered"; result: string }
  | { kind: "failed"; result: string; final?: boolean; retryAfterS?: number | undefined }
  | { kind: "dropped"; result: string }
  | { kind: "later"; inS: number };
