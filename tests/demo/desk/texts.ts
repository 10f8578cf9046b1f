import { ar } from "./texts.ar";
import { en } from "./texts.en";

export type Texts = { [Key in keyof typeof en]: (typeof en)[Key] extends string ? string : Record<string, string> };
export type Language = "en" | "ar";

export const isLanguage = (text: unknown): text is Language => text === "en" || text === "ar";
export const texts: Record<Language, Texts> = { en, ar };
