import { describe, expect, it } from "vitest";
import { intlTag, localeOfTag, negotiateLocale } from "@/lib/locale";
import { safeTimeZone } from "@/lib/time-zone";

describe("negotiateLocale", () => {
  it.each([
    [undefined, null, "en"],
    [undefined, "", "en"],
    [undefined, "ar", "ar"],
    [undefined, "ar-SA,ar;q=0.9,en;q=0.8", "ar"],
    [undefined, "en-US,ar;q=0.9", "en"],
    [undefined, "fr-FR,ar;q=0.5,en;q=0.8", "en"],
    [undefined, "de, ar;q=0", "en"],
    [undefined, "AR-eg", "ar"],
    ["ar", "en", "ar"],
    ["en", "ar", "en"],
    ["fr", "ar", "ar"],
    ["<script>", null, "en"],
  ] as const)("cookie %s and Accept-Language %s make %s", (cookie, header, locale) => {
    expect(negotiateLocale(cookie, header)).toBe(locale);
  });

  it("survives the way to Intl and back", () => {
    expect(localeOfTag(intlTag("ar"))).toBe("ar");
    expect(localeOfTag(intlTag("en"))).toBe("en");
  });
});

describe("safeTimeZone", () => {
  it("keeps zones that exist and answers UTC to anything else", () => {
    for (const value of ["Asia/Riyadh", "Asia/Riyadh~-180"]) expect(safeTimeZone(value)).toBe("Asia/Riyadh");
    for (const value of [undefined, "", "Mars/Olympus", "x".repeat(100), "../../etc", "~-180"]) expect(safeTimeZone(value)).toBe("UTC");
  });
});
