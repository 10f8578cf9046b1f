import { headers } from "next/headers";
import { ReferenceNumber } from "@/components/connections/reference-number";
import { correlationId, log } from "@/lib/log";

/** The number that a page of refusal gives, under which the log says what was asked for. */
export async function PageReference({ status }: { status: 403 | 404 }) {
  const [path] = ((await headers()).get("x-latchkey-path") ?? "").split("?");
  const reference = correlationId();
  log.info("page_refused", { status, path, reference });
  return <ReferenceNumber value={reference} />;
}
