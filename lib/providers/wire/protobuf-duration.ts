import { lifetimeS } from "./lifetime";

/** Whole seconds from 3600, "3600", "3600s" or "1.5s" (protobuf's JSON mapping); null for anything else. */
export function protobufDurationS(value: unknown): number | null {
  const seconds = typeof value === "string" ? /^(\d{1,12}(?:\.\d{1,9})?)s$/.exec(value)?.[1] : undefined;
  return lifetimeS(seconds === undefined ? value : Number(seconds));
}
