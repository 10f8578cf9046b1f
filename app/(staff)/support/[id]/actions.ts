"use server";

import { refresh } from "next/cache";
import { answering } from "@/app/acting";
import { decided } from "@/app/decided";
import type { Told } from "@/components/support/act-form";
import { requireActor } from "@/lib/auth/session";
import { actNow } from "@/lib/connections/act-now";
import { show } from "@/lib/connections/show";
import { toldOf } from "./told-of";

/** *Test now* and *Renew now*, of the connection whose page it is or, from a list, of the one that the button names. */
export const actAction = answering<Told>(async (form) => {
  const actor = await requireActor("support.search");
  const [asked = "", named] = String(form.get("act")).split(":");
  const id = named ?? String(form.get("connectionId"));
  const act = asked === "renew" ? "renew" : "test";
  const result = await decided(actNow(actor, id, act));
  const { connection } = await decided(show(actor, id));
  refresh();
  const told = await toldOf(result, connection, act);
  return named ? { ...told, about: connection.name ?? connection.id } : told;
});
