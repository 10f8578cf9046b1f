"use server";

import { redirect } from "next/navigation";
import { acting } from "@/app/acting";
import { requireActor } from "@/lib/auth/session";
import { AppError } from "@/lib/errors";
import { isId } from "@/lib/ids";
import { changeRole } from "@/lib/people/change-role";
import { createMerchant } from "@/lib/people/create-merchant";
import { endSessions } from "@/lib/people/end-sessions";
import { invitePerson } from "@/lib/people/invite-person";
import { removePerson } from "@/lib/people/remove-person";
import { revokeInvitation } from "@/lib/people/revoke-invitation";
import { setPersonDisabled } from "@/lib/people/set-person-disabled";

const manager = () => requireActor("people.manage");

const text = (form: FormData, name: string) => String(form.get(name) ?? "");

/** Back to the page, which says what was done or what stood against it. `work` answers the name of what it did. */
async function answer(work: Promise<string>, page = "/people"): Promise<never> {
  const query = await work.then(
    (done) => ({ done }),
    (error: unknown) => {
      if (error instanceof AppError) return { problem: error.code };
      throw error;
    },
  );
  redirect(`${page}?${new URLSearchParams(query)}`);
}

const choice = (form: FormData) => ({ role: text(form, "role"), merchantId: text(form, "merchantId") });

export const inviteAction = acting(async (form) => {
  const invited = invitePerson(await manager(), { email: text(form, "email"), ...choice(form) });
  await answer(invited.then(({ mailed }) => (mailed ? "invited" : "invited_silently")));
});

export const revokeInvitationAction = acting(async (form) => {
  await answer(revokeInvitation(await manager(), { invitationId: text(form, "invitationId") }).then(() => "revoked"));
});

export const createMerchantAction = acting(async (form) => {
  await answer(createMerchant(await manager(), { name: text(form, "name"), externalId: text(form, "externalId") }).then(() => "created"));
});

/** The page of the person whom a form is about. */
const pageOf = (form: FormData) => (isId(text(form, "userId")) ? `/people/${text(form, "userId")}` : "/people");

export const changeRoleAction = acting(async (form) => {
  await answer(
    changeRole(await manager(), { userId: text(form, "userId"), ...choice(form) }).then(() => "role_changed"),
    pageOf(form),
  );
});

export const disableAction = acting(async (form) => {
  await answer(
    setPersonDisabled(await manager(), { userId: text(form, "userId"), disabled: true }).then(() => "disabled"),
    pageOf(form),
  );
});

export const enableAction = acting(async (form) => {
  await answer(
    setPersonDisabled(await manager(), { userId: text(form, "userId"), disabled: false }).then(() => "enabled"),
    pageOf(form),
  );
});

export const removeAction = acting(async (form) => {
  await answer(
    removePerson(await manager(), { userId: text(form, "userId") }).then(() => "removed"),
    pageOf(form),
  );
});

/** Of one session where the form names one, else of all. */
export const endSessionsAction = acting(async (form) => {
  const actor = await manager();
  const sessionId = text(form, "sessionId") || undefined;
  await answer(
    endSessions(actor, { userId: text(form, "userId"), sessionId }).then(() => (sessionId ? "session_ended" : "sessions_ended")),
    pageOf(form),
  );
});
