import { findKeyById } from "@/db/api-keys";
import type { Attempt } from "@/db/attempts";
import type { Tx } from "@/db/client";
import { lockLink } from "@/db/connect-links";
import { merchantNames } from "@/db/merchants";
import { isLinkId } from "./link-id";

/** Who began an attempt, as events name them; `link` where it was somebody who came by one, locked until the transaction ends. */
export type Starter = {
  actor: { kind: "user" | "link" | "key"; id: string; name: string };
  link: Awaited<ReturnType<typeof lockLink>>;
};

const isKeyId = (id: string): boolean => id.startsWith("key_");

export async function starterOf(tx: Tx, { userId, merchantId }: Attempt): Promise<Starter> {
  const key = isKeyId(userId) ? await findKeyById(tx, userId) : null;
  if (key) return { actor: { kind: "key", id: key.id, name: key.name }, link: null };
  if (!isLinkId(userId)) return { actor: { kind: "user", id: userId, name: "" }, link: null };
  const [link, names] = [await lockLink(tx, userId), await merchantNames(tx, [merchantId])];
  return { actor: { kind: "link", id: userId, name: names.get(merchantId) ?? "" }, link };
}
