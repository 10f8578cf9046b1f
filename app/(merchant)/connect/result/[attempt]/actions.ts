"use server";

import { RedirectType, redirect } from "next/navigation";
import { after } from "next/server";
import { acting } from "@/app/acting";
import { decided } from "@/app/decided";
import { againHref } from "@/components/connect/again-href";
import { connectBase } from "@/components/connect/connect-base";
import type { Connector } from "@/lib/auth/actor";
import { requireConnector } from "@/lib/auth/connector";
import { chooseAccount } from "@/lib/connections/choose-account";
import { exchange } from "@/lib/connections/exchange";
import { showAttempt } from "@/lib/connections/show-attempt";
import { AppError } from "@/lib/errors";
import { log } from "@/lib/log";

/** A page that follows by itself gets its answer after this long at the latest, so that each step can be seen to tick. */
const PATIENCE_MS = 1_200;

/** Sends the code, once whoever asks, and carries what comes back on to a connection. */
export const finishAction = acting(async (form) => {
  const actor = await requireConnector(form.get("link"));
  const id = String(form.get("attemptId") ?? "");
  await decided(showAttempt(actor, id));
  // What breaks here leaves the attempt as it is for the job, and the page tells how far it came.
  const work = exchange(actor, id).catch((error: unknown) => log.error("finish_failed", error, { attempt: id }));
  if (form.get("following") === "1") {
    after(work);
    await Promise.race([work, new Promise((resolve) => setTimeout(resolve, PATIENCE_MS))]);
  } else await work;
  redirect(resultPage(actor, id), RedirectType.replace);
});

/** The answer to "you signed in to a different store". */
export const chooseAction = acting(async (form) => {
  const actor = await requireConnector(form.get("link"));
  const id = String(form.get("attemptId") ?? "");
  const choice = form.get("choice") === "add" ? "add" : "keep";
  const decidedBefore = await decided(chooseAccount(actor, { attemptId: id, choice })).then(
    () => false,
    (error: unknown) => {
      if (error instanceof AppError && error.code === "already_decided") return true;
      throw error;
    },
  );
  const again = choice === "keep" && !decidedBefore;
  redirect(again ? againHref(await showAttempt(actor, id)) : resultPage(actor, id), RedirectType.replace);
});

const resultPage = (actor: Connector, id: string) => `${connectBase(actor.kind === "link" ? actor.id : null)}/result/${id}`;
