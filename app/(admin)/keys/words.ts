import { getTranslations } from "next-intl/server";
import { ZodError } from "zod";
import { AppError } from "@/lib/errors";

const problems = ["name", "key_ended"] as const;

export const problemOf = (code: string) => problems.find((one) => one === code) ?? "other";

/** The form's fields by what the verb calls them. */
const fields = {
  name: "name",
  scopes: "scopes",
  merchantIds: "merchants",
  offers: "offers",
  days: "days",
  requestsPerSecond: "perSecond",
} as const;

/** What was wrong with which field. Throws what is no fault of a form. */
export async function faultsOf(error: unknown): Promise<{ field: string; message: string }[]> {
  const t = await getTranslations("keys.form.fault");
  if (error instanceof AppError && error.code === "merchant")
    return [{ field: "merchants", message: t("merchants", { merchant: String(error.facts.merchant) }) }];
  if (!(error instanceof ZodError)) throw error;
  const wrong = new Set(error.issues.map(({ path }) => fields[path[0] as keyof typeof fields] ?? "name"));
  return [...wrong].map((field) => ({ field, message: t(field, { merchant: "…" }) }));
}
