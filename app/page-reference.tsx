import { headers } from "next/headers";
import { getTranslations } from "next-intl/server";
import { correlationId, log } from "@/lib/log";

/**
 * The number that a page of refusal gives, under which the log says what was asked for. Selected by one tap instead of copied by a button:
 * every page of the product carries the scripts of these.
 */
export async function PageReference({ status }: { status: 403 | 404 }) {
  const [asked = ""] = ((await headers()).get("x-latchkey-path") ?? "").split("?");
  // What stands there may open a merchant's connect pages.
  const path = asked.replace(/^\/link\/.+/, "/link/…");
  const reference = correlationId();
  log.info("page_refused", { status, path, reference });
  return (
    <p className="text-sm text-muted">
      {(await getTranslations("copy"))("reference")}{" "}
      <code dir="ltr" className="select-all">
        {reference}
      </code>
    </p>
  );
}
