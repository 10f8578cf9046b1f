import type { OfferSettings } from "@/db/offers";
import type { OfferField } from "./offer-input";
import { settingsInput } from "./offer-input";
import { providerOf } from "./stored-offer";

/** Why a field is not usable, in a word. */
export type OfferFaults = Partial<Record<OfferField, string>>;

/** `secret`: one is there, or was typed. */
export function readOffer(input: unknown, secret: boolean): { settings: OfferSettings } | { faults: OfferFaults } {
  const parsed = settingsInput.safeParse(input);
  if (!parsed.success) {
    const faults = parsed.error.issues.map(({ path, message }) => [String(path[0]), /^[a-z_]+$/.test(message) ? message : "required"]);
    return { faults: Object.fromEntries(faults.reverse()) };
  }
  const settings = parsed.data;
  const faults = together(settings, secret);
  if (Object.keys(faults).length > 0) return { faults };
  try {
    providerOf(settings, settings.authMethod === "none" ? null : "stands for it");
  } catch {
    return { faults: { authorizeParams: "params" } };
  }
  return { settings };
}

/** What no field is wrong in by itself. */
function together({ issuer, authorizeUrl, tokenUrl, authMethod, pkce }: OfferSettings, secret: boolean): OfferFaults {
  const faults: OfferFaults = {};
  if (!issuer && !authorizeUrl) faults.authorizeUrl = "issuer_or_endpoints";
  if (!issuer && !tokenUrl) faults.tokenUrl = "issuer_or_endpoints";
  if (authMethod !== "none" && !secret) faults.clientSecret = "required";
  if (authMethod === "none" && !pkce) faults.pkce = "pkce";
  return faults;
}
