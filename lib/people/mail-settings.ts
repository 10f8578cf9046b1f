import { database, transaction } from "@/db/client";
import { insertEvent } from "@/db/events";
import { findUser, setUnsubscribed } from "@/db/users";
import { isOwnerMailKind, type OwnerMailKind, ownerMailKinds } from "@/lib/alerts/owner-mail-kinds";
import type { UserActor } from "@/lib/auth/actor";
import { notFound } from "@/lib/errors";
import { readUnsubscribeToken } from "@/lib/mail/unsubscribe-token";

/** Who decides: a mail's link about its own kind of mail, or whoever is signed in about all of theirs. */
export type MailReader = { userId: string; kinds: readonly OwnerMailKind[] };

/** Null: the link is not one of ours. */
export function readerOfLink(token: unknown): MailReader | null {
  const read = readUnsubscribeToken(token);
  return read && { userId: read.userId, kinds: [read.kind] };
}

/** Staff get none of these mails. */
export function readerOfActor({ id, role }: UserActor): MailReader {
  return { userId: id, kinds: role === "merchant" ? (Object.keys(ownerMailKinds) as OwnerMailKind[]) : [] };
}

export type MailSetting = { kind: OwnerMailKind; wanted: boolean };

export async function mailSettings({ userId, kinds }: MailReader): Promise<MailSetting[]> {
  const user = await findUser(database(), userId);
  if (!user) throw notFound();
  return kinds.map((kind) => ({ kind, wanted: !user.unsubscribed.includes(kind) }));
}

/** From now on, mails that are waiting included. */
export async function setMailWanted({ userId, kinds }: MailReader, kind: unknown, wanted: boolean): Promise<void> {
  if (!isOwnerMailKind(kind) || !kinds.includes(kind)) throw notFound();
  await transaction(async (tx) => {
    const user = await findUser(tx, userId);
    if (!user || !(await setUnsubscribed(tx, userId, kind, !wanted))) return;
    const actor = { kind: "user", id: userId, name: user.name ?? user.email };
    await insertEvent(tx, { kind: wanted ? "person.mail_wanted" : "person.mail_unwanted", actor, facts: { mail: kind } });
  });
}
