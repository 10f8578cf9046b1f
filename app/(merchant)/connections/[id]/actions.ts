"use server";

import { RedirectType, redirect } from "next/navigation";
import { acting } from "@/app/acting";
import { decided } from "@/app/decided";
import { doneQuery } from "@/components/connections/done-word";
import { requireActor } from "@/lib/auth/session";
import { renew } from "@/lib/connections/renew";
import { revoke } from "@/lib/connections/revoke";
import { testConnection } from "@/lib/connections/test-connection";

const idOf = (form: FormData): string => String(form.get("id") ?? "");

function backTo(id: string, query = ""): never {
  redirect(`/connections/${encodeURIComponent(id)}${query}`, RedirectType.replace);
}

export const testAction = acting(async (form) => {
  const actor = await requireActor("connection.test");
  const result = await decided(testConnection(actor, idOf(form)));
  backTo(idOf(form), doneQuery(result));
});

export const renewAction = acting(async (form) => {
  const actor = await requireActor("connection.renew");
  const result = await decided(renew(actor, idOf(form)));
  backTo(idOf(form), doneQuery(result));
});

/** The page that follows tells how it ended: that is a fact of the connection, not of this click. */
export const disconnectAction = acting(async (form) => {
  const actor = await requireActor("connection.disconnect");
  const reach = form.get("reach") === "token" ? "token" : "authorization";
  await decided(revoke(actor, { connectionId: idOf(form), reach }));
  backTo(idOf(form));
});
