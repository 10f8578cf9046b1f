import { findAttempt } from "@/db/attempts";
import { database } from "@/db/client";
import { findMerchantKnownAs } from "@/db/merchants";
import type { KeyActor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { notFound } from "@/lib/errors";
import type { Submitted } from "./connect-with-values";
import { importGrant } from "./import-grant";
import { type OpenIo, openIo } from "./open-io";

export type Imported =
  | { kind: "made" | "renewed"; connectionId: string }
  | { kind: "running" }
  | { kind: "taken" }
  | { kind: "refused"; cause: string | null; errors: { field: string; message: string }[] }
  | { kind: "not_now"; retryAfterS: number }
  | { kind: "failed"; trouble: string; cause: string };

type Asked = { provider: string; merchant: string; name?: string | undefined; values: Record<string, string> };

const LATER_S = 5;

/** What a backend brings, for a merchant by either id, and what became of it. Names of fields and codes are told, values never. */
export async function importFor(actor: KeyActor, { provider, merchant, name, values }: Asked, open: OpenIo = openIo): Promise<Imported> {
  authorize(actor, "connection.import");
  const found = await findMerchantKnownAs(database(), merchant);
  if (!found) throw notFound();
  const submitted = await importGrant(actor, { offer: provider, merchantId: found.id, label: name, values }, open);
  if (submitted.kind === "refused") return refused(submitted);
  const attempt = await findAttempt(database(), submitted.attemptId);
  switch (attempt?.outcome) {
    case "connected":
      return { kind: "made", connectionId: attempt.resultId ?? "" };
    case "renewed":
      return { kind: "renewed", connectionId: attempt.resultId ?? "" };
    case "held_elsewhere":
      return { kind: "taken" };
    case null:
      return { kind: "running" };
    default:
      return { kind: "failed", trouble: attempt?.outcome ?? "cancelled", cause: attempt?.troubleCode ?? "unknown" };
  }
}

function refused({ fields, form, trouble, retryAfterS }: Extract<Submitted, { kind: "refused" }>): Imported {
  const errors = Object.entries(fields).map(([field, message]) => ({ field: `values.${field}`, message }));
  if (errors.length > 0 || trouble === "declined" || trouble === "reconnect") return { kind: "refused", cause: form, errors };
  if (trouble === "operator") return { kind: "failed", trouble, cause: form ?? "unknown" };
  return { kind: "not_now", retryAfterS: retryAfterS ?? LATER_S };
}
