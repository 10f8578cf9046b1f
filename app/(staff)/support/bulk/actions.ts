"use server";

import { refresh } from "next/cache";
import { redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { revokeCauses } from "@/app/(staff)/support/[id]/revoke/causes";
import { acting, answering } from "@/app/acting";
import { decided } from "@/app/decided";
import type { BulkRefused, BulkValues } from "@/components/support/bulk/bulk-form";
import { requireActor } from "@/lib/auth/session";
import { goOn, stop } from "@/lib/bulk/change-run";
import { chosenOf } from "@/lib/bulk/selection";
import { startRun } from "@/lib/bulk/start-run";
import { AppError } from "@/lib/errors";
import { fieldsOf } from "./chosen-fields";

/** Begins what was confirmed, and leads to where it can be watched. */
export const startBulkAction = answering<BulkRefused>(async (form, nth) => {
  const actor = await requireActor("bulk.run");
  const chosen = chosenOf({
    act: form.get("act"),
    all: form.get("all") ?? undefined,
    query: form.get("query") ?? undefined,
    id: form.getAll("id"),
  });
  if (!chosen) redirect("/support/bulk");
  const [t, revoke] = await Promise.all([getTranslations("bulk"), getTranslations("support.revoke")]);
  const field = (name: string) => String(form.get(name) ?? "").trim();
  const values: BulkValues = { cause: field("cause"), details: field("details"), ticket: field("ticket"), count: field("count") };
  const refuse = (errors: BulkRefused["errors"]): BulkRefused => ({ answer: nth, errors, values });
  const cause = revokeCauses.find((name) => name === values.cause);
  const asks = chosen.act === "revoke";
  // As a person may write a number, in either language's digits.
  const count = Number(
    values.count
      .normalize("NFKC")
      .replace(/[٠-٩]/g, (digit) => String(digit.charCodeAt(0) - 0x660))
      .replace(/[\s.,٬]/g, "") || Number.NaN,
  );
  const errors = [
    ...(asks && !cause ? [{ field: "cause", message: revoke("problem.cause") }] : []),
    ...(asks && !values.details ? [{ field: "details", message: revoke("problem.details") }] : []),
    ...(Number.isInteger(count) ? [] : [{ field: "count", message: t("problem.number") }]),
  ];
  if (errors.length > 0) return refuse(errors);
  const reason = [cause && cause !== "other" ? revoke(`cause.${cause}`) : "", values.details.slice(0, 400)].filter(Boolean).join(": ");
  const begun = await decided(
    startRun(actor, chosen, { count, reason: asks ? reason : undefined, ticket: values.ticket.slice(0, 100) }),
  ).catch((error: unknown) => {
    if (error instanceof AppError && (error.code === "selection_changed" || error.code === "sign_in_again")) return error;
    throw error;
  });
  if (typeof begun === "string") redirect(`/support/bulk/${begun}`);
  if (begun.code === "sign_in_again")
    redirect(`/sign-in?${new URLSearchParams({ fresh: "1", to: `/support/bulk?${new URLSearchParams(fieldsOf(chosen))}` })}`);
  // What is above the form says the new numbers.
  refresh();
  return refuse([{ field: "count", message: t("problem.count", { count: Number(begun.facts.count) }) }]);
});

/** *Stop*, *Go on* and *Retry failed*. */
export const changeRunAction = acting(async (form) => {
  const actor = await requireActor("bulk.run");
  const run = String(form.get("run"));
  const path = `/support/bulk/${encodeURIComponent(run)}`;
  const work = form.get("change") === "stop" ? stop(actor, run) : goOn(actor, run);
  await decided(work).catch((error: unknown) => {
    if (error instanceof AppError && error.code === "sign_in_again") redirect(`/sign-in?${new URLSearchParams({ fresh: "1", to: path })}`);
    throw error;
  });
  redirect(path);
});
