"use server";

import { redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { answering } from "@/app/acting";
import { decided } from "@/app/decided";
import type { CredentialsAnswer } from "@/components/connect/credentials-form";
import { fieldId } from "@/components/connect/field-id";
import { refusalMessages } from "@/components/connect/refusal-messages";
import { troubleText } from "@/components/connections/trouble-text";
import { requireActor } from "@/lib/auth/session";
import { catalogue } from "@/lib/connections/catalogue";
import { importGrant } from "@/lib/connections/import-grant";
import { showAttempt } from "@/lib/connections/show-attempt";
import { failureOf } from "@/lib/failure";

/** Brings a grant that exists already. Where it is refused, everything but the secrets goes back into the form. */
export const importAction = answering<CredentialsAnswer>(async (form, nth) => {
  const actor = await requireActor("connection.import");
  const text = (name: string) => String(form.get(name) ?? "").trim();
  const slug = text("offer");
  const [offer] = catalogue().filter((candidate) => candidate.slug === slug);
  const fields = offer?.importFields ?? [];
  const values = Object.fromEntries(fields.map(({ name }) => [name, text(fieldId(name))]));
  const label = text("label").slice(0, 80);
  const submitted = await importGrant(actor, { offer: slug, merchantId: text("merchantId"), label, values }).catch((error: unknown) => {
    if (failureOf(error).code === "bad_form") return { kind: "unreadable" } as const;
    return decided(Promise.reject(error));
  });
  const attempt = submitted.kind === "attempt" ? await decided(showAttempt(actor, submitted.attemptId)) : null;
  if (attempt?.resultId) redirect(`/support/${attempt.resultId}`);

  const [t, connect, causes, platforms] = await Promise.all([
    getTranslations("import"),
    getTranslations("connect"),
    getTranslations("connection"),
    getTranslations("platforms"),
  ]);
  const provider = offer?.provider ?? slug;
  const shown = fields.filter(({ kind }) => kind !== "secret").map(({ name }) => [fieldId(name), values[name] ?? ""]);
  return {
    answer: nth,
    values: { ...Object.fromEntries(shown), label },
    errors:
      offer && submitted.kind !== "attempt"
        ? refusalMessages(connect, platforms, { ...offer, fields }, submitted.kind === "refused" ? submitted : null)
        : [
            {
              message: t("refused", {
                cause: troubleText(causes, platforms, { provider, trouble: null, code: attempt?.troubleCode ?? "other" }),
              }),
            },
          ],
  };
});
