"use server";

import { refresh } from "next/cache";
import { redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { answering, asking } from "@/app/acting";
import { decided } from "@/app/decided";
import type { RevokeAnswer, RevokeParts, RevokeValues } from "@/components/support/acts/revoke-parts";
import { requireActor } from "@/lib/auth/session";
import { revoke } from "@/lib/connections/revoke";
import { isShortCode, shortCode } from "@/lib/connections/short-code";
import { show } from "@/lib/connections/show";
import { revokeCauses } from "./causes";
import { endedText } from "./ended-text";
import { revokeParts } from "./parts";

type Ended = Extract<RevokeAnswer, { kind: "ended" }>;

/** What the dialog of a connection says; where somebody was faster, what they did. */
export const openRevokeAction = asking<RevokeParts | Ended>(async (connectionId) => {
  const actor = await requireActor("connection.revoke");
  const shown = await decided(show(actor, connectionId));
  if (!shown.connection.revoked) return revokeParts(shown);
  refresh();
  return { kind: "ended", connectionId, by: "other", text: await endedText(shown, "already") };
});

/** Ends the access. From its page it then leads to the connection, which tells how far that has come; a dialog is told so itself. */
export const revokeAction = answering<RevokeAnswer>(async (form, nth) => {
  const actor = await requireActor("connection.revoke");
  const field = (name: string) => String(form.get(name) ?? "").trim();
  const connectionId = field("connectionId");
  const values: RevokeValues = {
    cause: field("cause"),
    details: field("details"),
    ticket: field("ticket"),
    reach: field("reach"),
    confirm: field("confirm"),
  };
  const t = await getTranslations("support.revoke");
  const { connection } = await decided(show(actor, connectionId));
  const cause = revokeCauses.find((name) => name === values.cause);
  const errors = [
    ...(cause ? [] : [{ field: "cause", message: t("problem.cause") }]),
    ...(values.details ? [] : [{ field: "details", message: t("problem.details") }]),
    ...(isShortCode(values.confirm, connectionId)
      ? []
      : [{ field: "confirm", message: t("problem.confirm", { code: shortCode(connectionId) }) }]),
  ];
  // Where there is nothing to end any more, nobody needs a reason.
  if (!connection.revoked && (!cause || errors.length > 0)) return { kind: "refused", answer: nth, errors, values };
  const reason = [cause === "other" || !cause ? "" : t(`cause.${cause}`), values.details.slice(0, 400)].filter(Boolean).join(": ");
  const ended = connection.revoked
    ? { kind: "already" as const }
    : await decided(
        revoke(actor, {
          connectionId,
          reason,
          ticket: values.ticket.slice(0, 100),
          reach: values.reach === "token" ? "token" : "authorization",
        }),
      );
  // A row that never was a connection is gone once the platform took the access back: there is nothing left to show.
  const gone = ended.kind === "revoked" && connection.connectedAt === null;
  if (!form.has("stay")) {
    if (gone) redirect("/support?done=let_go");
    redirect(`/support/${connectionId}${ended.kind === "already" ? "?ended=already" : ""}`);
  }
  refresh();
  const by = ended.kind === "already" ? "other" : "me";
  return { kind: "ended", connectionId, by, text: await endedText(await decided(show(actor, connectionId)), ended.kind) };
});
