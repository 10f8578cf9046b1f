import { z } from "zod";
import type { OfferSettings } from "@/db/offers";
import { mayCall } from "@/lib/http";
import { typedText } from "@/lib/ids";
import { registry } from "@/lib/providers/registry";

/** Fields of the form by their names there, as text. */
export const offerFields = [
  "slug",
  "name",
  "monogram",
  "clientId",
  "issuer",
  "authorizeUrl",
  "tokenUrl",
  "revokeUrl",
  "introspectUrl",
  "userinfoUrl",
  "testUrl",
  "apiUrl",
  "scopes",
  "scopeSeparator",
  "authMethod",
  "pkce",
  "authorizeParams",
  "revokeEndsAll",
  "helpEn",
  "helpAr",
  "allowsEn",
  "allowsAr",
] as const;
export type OfferField = (typeof offerFields)[number] | "clientSecret";
export type OfferValues = Record<(typeof offerFields)[number], string>;

const short = z.string().transform(typedText).pipe(z.string().max(200, "long"));
const lines = z
  .string()
  .max(4_000, "long")
  .transform((text) => text.split(/\r?\n/).map(typedText).filter(Boolean).join("\n"));
const long = (most: number) => z.string().transform(typedText).pipe(z.string().max(most, "long"));
const address = long(2_000)
  .refine((text) => text === "" || mayCall(text), "url")
  .transform((text) => text || null);
const flag = z.string().transform((text) => text === "1");
const separators: Record<string, string> = { space: " ", comma: "," };

/** Taken by our own addresses and by the platforms that come with the product. */
const RESERVED = new Set([...Object.keys(registry), "new"]);

export const slugInput = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[a-z][a-z0-9-]{1,30}[a-z0-9]$/, "slug")
  .refine((slug) => !RESERVED.has(slug), "slug_taken");

/** What an admin typed, as settings. Faults are one word each, by field. */
export const settingsInput = z
  .object({
    name: short.refine((text) => text !== "", "required"),
    monogram: short.refine((text) => [...text].length <= 2, "monogram"),
    clientId: short.refine((text) => text !== "", "required"),
    issuer: address.refine((text) => !text?.includes("?"), "url"),
    authorizeUrl: address,
    tokenUrl: address,
    revokeUrl: address,
    introspectUrl: address,
    userinfoUrl: address,
    testUrl: address,
    apiUrl: address.refine((text) => !text?.includes("?"), "url"),
    scopes: long(2_000),
    scopeSeparator: z.enum(["space", "comma"], "required"),
    authMethod: z.enum(["basic", "post", "none"], "required"),
    pkce: flag,
    authorizeParams: long(1_000),
    revokeEndsAll: flag,
    helpEn: lines,
    helpAr: lines,
    allowsEn: lines,
    allowsAr: lines,
  })
  .transform(
    ({ helpEn, helpAr, allowsEn, allowsAr, scopes, scopeSeparator, authorizeParams, monogram, ...plain }): OfferSettings => ({
      ...plain,
      monogram: (monogram || initials(plain.name)).toUpperCase(),
      scopes: scopes.split(/[\s,]+/).filter(Boolean),
      scopeSeparator: separators[scopeSeparator] ?? " ",
      authorizeParams: Object.fromEntries([...new URLSearchParams(authorizeParams)].map((pair) => pair.map(typedText))),
      help: { en: helpEn, ar: helpAr },
      allows: { en: allowsEn, ar: allowsAr },
    }),
  );

function initials(name: string): string {
  const words = name.split(/[\s-]+/).filter(Boolean);
  const letters = words.length > 1 ? words.slice(0, 2).map((word) => [...word][0]) : [...(words[0] ?? "?")].slice(0, 2);
  return letters.join("");
}

/** The other way round, to be changed. */
export function valuesOf(slug: string, settings: OfferSettings): OfferValues {
  const { help, allows, scopes, scopeSeparator, authorizeParams, pkce, revokeEndsAll, ...plain } = settings;
  const texts = Object.entries(plain).map(([name, value]) => [name, value ?? ""]);
  return {
    ...(Object.fromEntries(texts) as Record<keyof typeof plain, string>),
    slug,
    apiUrl: plain.apiUrl ?? "",
    scopes: scopes.join(" "),
    scopeSeparator: scopeSeparator === "," ? "comma" : "space",
    authorizeParams: new URLSearchParams(authorizeParams).toString(),
    pkce: pkce ? "1" : "",
    revokeEndsAll: revokeEndsAll ? "1" : "",
    helpEn: help.en,
    helpAr: help.ar,
    allowsEn: allows.en,
    allowsAr: allows.ar,
  };
}
