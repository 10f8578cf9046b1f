import type { useTranslations } from "next-intl";
import { type PlatformTranslator, platformText } from "./platform-text";

type Trouble = { provider: string; trouble: string | null; code: string };

/** Why something did not work, in words: the platform's own sentence for the code, else ours, else what it means for the store. */
export function troubleText(
  t: ReturnType<typeof useTranslations<"connection">>,
  platforms: PlatformTranslator,
  { provider, trouble, code }: Trouble,
): string {
  const own = platformText(platforms, provider, `errors.${code}`);
  if (own) return own;
  for (const key of [code, trouble]) {
    const path = `cause.${key}` as "cause.other";
    if (key && t.has(path)) return t(path);
  }
  return t("cause.other");
}
