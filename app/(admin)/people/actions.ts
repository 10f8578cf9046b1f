"use server";

import { redirect } from "next/navigation";
import { assertSameOrigin } from "@/lib/auth/origin";
import { requireActor } from "@/lib/auth/session";
import { AppError } from "@/lib/errors";
import { changeRole } from "@/lib/people/change-role";
import { createMerchant } from "@/lib/people/create-merchant";
import { endSessions } from "@/lib/people/end-sessions";
import { invitePerson } from "@/lib/people/invite-person";
import { revokeInvitation } from "@/lib/people/revoke-invitation";
import { setPersonDisabled } from "@/lib/people/set-person-disabled";

async function manager() {
  await assertSameOrigin();
  return requireActor("people.manage");
}

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
  redirect(`/people?${new URLSearchParams(query)}`);
}

const choice = (form: FormData) => ({ role: text(form, "role"), merchantId: text(form, "merchantId") });

export async function inviteAction(form: FormData): Promise<void> {
  const invited = invitePerson(await manager(), { email: text(form, "email"), ...choice(form) });
  await answer(invited.then(({ mailed }) => (mailed ? "invited" : "invited_silently")));
}

export async function revokeInvitationAction(form: FormData): Promise<void> {
  await answer(revokeInvitation(await manager(), { invitationId: text(form, "invitationId") }).then(() => "revoked"));
}

export async function createMerchantAction(form: FormData): Promise<void> {
  await answer(createMerchant(await manager(), { name: text(form, "name"), externalId: text(form, "externalId") }).then(() => "created"));
}

export async function changeRoleAction(form: FormData): Promise<void> {
  await answer(changeRole(await manager(), { userId: text(form, "userId"), ...choice(form) }).then(() => "role_changed"));
}

export async function disableAction(form: FormData): Promise<void> {
  await answer(setPersonDisabled(await manager(), { userId: text(form, "userId"), disabled: true }).then(() => "disabled"));
}

export async function enableAction(form: FormData): Promise<void> {
  await answer(setPersonDisabled(await manager(), { userId: text(form, "userId"), disabled: false }).then(() => "enabled"));
}

export async function endSessionsAction(form: FormData): Promise<void> {
  await answer(endSessions(await manager(), { userId: text(form, "userId") }).then(() => "sessions_ended"));
}
