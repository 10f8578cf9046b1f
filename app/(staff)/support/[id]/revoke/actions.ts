"use server";

import { redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { decided } from "@/app/decided";
import type { Refused } from "@/components/support/revoke-form";
import { assertSameOrigin } from "@/lib/auth/origin";
import { requireActor } from "@/lib/auth/session";
import { revoke } from "@/lib/connections/revoke";
import { show } from "@/lib/connections/show";
import { revokeCauses } from "./causes";

/** Ends the access, then shows the connection, which tells how far that has come. */
export async function revokeAction(before: Refused | null, form: FormData): Promise<Refused> {
  await assertSameOrigin();
  const actor = await requireActor("connection.revoke");
  const [connectionId = "", cause = "", details = "", reach = ""] = ["connectionId", "cause", "details", "reach"].map((name) =>
    String(form.get(name) ?? "").trim(),
  );
  const t = await getTranslations("support.revoke");
  const known = revokeCauses.find((name) => name === cause);
  const errors = [
    ...(known ? [] : [{ field: "cause", message: t("problem.cause") }]),
    ...(known === "other" && !details ? [{ field: "details", message: t("problem.details") }] : []),
  ];
  if (!known || errors.length > 0) return { attempt: (before?.attempt ?? 0) + 1, errors, values: { cause, details, reach } };
  const { connection } = await decided(show(actor, connectionId));
  const reason = [known === "other" ? "" : t(`cause.${known}`), details.slice(0, 400)].filter(Boolean).join(": ");
  const ended = await decided(revoke(actor, { connectionId, reason, reach: reach === "token" ? "token" : "authorization" }));
  // A row that never was a connection is gone once the platform took the access back: there is nothing left to show.
  if (ended.kind === "revoked" && connection.connectedAt === null) redirect("/support?done=let_go");
  redirect(`/support/${connection.id}${ended.kind === "already" ? "?ended=already" : ""}`);
}
