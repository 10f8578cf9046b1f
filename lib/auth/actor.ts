import type { KeyScope } from "@/db/api-tables";
import type { Closed } from "@/lib/links/closed";

/** Who acts. A user's role and memberships are read from the database on every request, never from a token. */
export type UserActor = {
  kind: "user";
  id: string;
  name: string;
  email: string;
  role: "merchant" | "support" | "admin";
  /** The merchants that a merchant's member belongs to; empty for staff. */
  merchants: readonly { id: string; name: string }[];
  /** When this session began: some acts want a fresh one. */
  signedInAt: Date;
  /** The network address of this request; null where it cannot be known. */
  address?: string | null;
};

/** A company's own backend, by one of its keys. Null: nobody's and no platform is left out. */
export type KeyActor = {
  kind: "key";
  id: string;
  name: string;
  scopes: readonly KeyScope[];
  merchantIds: readonly string[] | null;
  offers: readonly string[] | null;
  address?: string | null;
};

/** Whoever came by a connect link: one merchant's, without an account, in the browser that the link belongs to. */
export type LinkActor = {
  kind: "link";
  /** The link's own id. */
  id: string;
  /** The merchant's name. */
  name: string;
  merchants: readonly { id: string; name: string }[];
  /** The one platform that it is for; null: any. */
  offer: string | null;
  /** The one connection that it is to reconnect; null: a new one. */
  connectionId: string | null;
  /** The connection that came of it. */
  resultId: string | null;
  /** Why nothing can be begun with it any more; what came of it can still be read. */
  closed: Closed | null;
  address?: string | null;
};

/** Whoever may connect a store. */
export type Connector = UserActor | LinkActor;

export type SystemActor = { kind: "system"; id: "worker" | "platform" | "command"; name: string };

export type Actor = UserActor | KeyActor | LinkActor | SystemActor;

export const worker: SystemActor = { kind: "system", id: "worker", name: "Latchkey" };
/** Whoever has a shell on the machine. */
export const command: SystemActor = { kind: "system", id: "command", name: "" };
/** A platform that told something by itself: which one stands in the event's own sentence. */
export const platform: SystemActor = { kind: "system", id: "platform", name: "" };
