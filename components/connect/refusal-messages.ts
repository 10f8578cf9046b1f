import type { useTranslations } from "next-intl";
import { type PlatformTranslator, platformLabel, platformText } from "@/components/connections/platform-text";
import type { OfferView } from "@/lib/connections/catalogue";
import type { Submitted } from "@/lib/connections/connect-with-values";
import { fieldId } from "./field-id";

type Refused = Extract<Submitted, { kind: "refused" }>;
type Message = { field?: string; message: string };

/** Why a platform's form was refused, by field and in the order of the form; null: it could not even be read. */
export function refusalMessages(
  t: ReturnType<typeof useTranslations<"connect">>,
  platforms: PlatformTranslator,
  offer: Pick<OfferView, "provider" | "platformName" | "fields">,
  refused: Refused | null,
): Message[] {
  if (!refused) return [{ message: t("problem.form") }];
  const own = (code: string) => platformText(platforms, offer.provider, `errors.${code}`);
  const named = offer.fields.flatMap(({ name }): Message[] => {
    const code = refused.fields[name];
    return code === undefined ? [] : [{ field: fieldId(name), message: own(code) ?? t("problem.check") }];
  });
  return named.length > 0 ? named : [{ message: whole(t, own, platformLabel(platforms, offer), refused) }];
}

function whole(
  t: ReturnType<typeof useTranslations<"connect">>,
  own: (code: string) => string | null,
  platform: string,
  refused: Refused,
): string {
  if (refused.form === "platform_paused") return t("paused.text", { platform });
  if (refused.retryAfterS !== null) return t("problem.later", { platform, n: Math.ceil(refused.retryAfterS) });
  // A platform's sentences about a passing trouble speak of what we do by ourselves, which is nothing here.
  if (refused.trouble === "transient" || refused.trouble === "doubt") return t("problem.unreachable", { platform });
  const told = refused.form === null ? null : own(refused.form);
  return told ?? (refused.trouble === "operator" ? t("problem.ours") : t("problem.refused", { platform }));
}
