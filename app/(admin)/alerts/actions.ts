"use server";

import { refresh } from "next/cache";
import { redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { acting, answering } from "@/app/acting";
import { decided } from "@/app/decided";
import type { Added } from "@/components/alerts/add-form";
import type { Made } from "@/components/alerts/secret-form";
import { addDestination } from "@/lib/alerts/add-destination";
import { changeRules } from "@/lib/alerts/change-rules";
import { enableDestination } from "@/lib/alerts/enable-destination";
import { removeDestination } from "@/lib/alerts/remove-destination";
import { rotateSecret } from "@/lib/alerts/rotate-secret";
import { sendAgain } from "@/lib/alerts/send-again";
import { sendTest } from "@/lib/alerts/send-test";
import { requireActor } from "@/lib/auth/session";
import { AppError } from "@/lib/errors";
import { problemOf, rulesOf, sentWord } from "./words";

const manager = () => requireActor("alerts.manage");

const text = (form: FormData, name: string) => String(form.get(name) ?? "");

/** Back to the page, which says what was done or what stood against it. `work` answers the name of what it did. */
async function answer(work: Promise<string>): Promise<never> {
  const query = await work.then(
    (done) => ({ done }),
    (error: unknown) => {
      if (error instanceof AppError) return { problem: error.code };
      throw error;
    },
  );
  redirect(`/alerts?${new URLSearchParams(query)}`);
}

/** Answers in the page itself: a secret is shown in this one answer and stands in no address. */
export const addAction = answering<Added>(async (form, nth) => {
  const actor = await manager();
  const values = { kind: text(form, "kind"), address: text(form, "address"), locale: text(form, "locale") };
  const t = await getTranslations("alerts");
  try {
    const { secret } = await addDestination(actor, values);
    refresh();
    return { answer: nth, secret, told: t("done.added"), error: null, values: null };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { answer: nth, secret: null, told: null, error: t(`problem.${problemOf(error.code)}`), values };
  }
});

export const rotateAction = answering<Made>(async (form) => {
  const secret = await decided(rotateSecret(await manager(), form.get("destinationId")));
  refresh();
  return { secret };
});

export const rulesAction = acting(async (form) => {
  await answer(changeRules(await manager(), { destinationId: text(form, "destinationId"), rules: rulesOf(form) }).then(() => "saved"));
});

export const removeAction = acting(async (form) => {
  await answer(removeDestination(await manager(), form.get("destinationId")).then(() => "removed"));
});

export const enableAction = acting(async (form) => {
  await answer(enableDestination(await manager(), form.get("destinationId")).then(() => "switched_on"));
});

export const testAction = acting(async (form) => {
  await answer(sendTest(await manager(), form.get("destinationId")).then(sentWord));
});

export const againAction = acting(async (form) => {
  await answer(sendAgain(await manager(), form.get("deliveryId")).then(sentWord));
});
