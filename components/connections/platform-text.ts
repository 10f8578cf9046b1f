import type { useTranslations } from "next-intl";

export type PlatformTranslator = ReturnType<typeof useTranslations<"platforms">>;

/** A text that a platform may have; null: it has none. */
export function platformText(t: PlatformTranslator, provider: string, key: string): string | null {
  // Keyed by data, so the catalogue cannot type it.
  const path = `${provider}.${key}` as never;
  return t.has(path) ? t(path) : null;
}

/** What people call the platform: as it was configured, else as the catalogue has it. */
export function platformLabel(t: PlatformTranslator, of: { provider: string; platformName: string | null }): string {
  return of.platformName ?? platformText(t, of.provider, "name") ?? of.provider;
}
