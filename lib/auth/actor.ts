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

export type SystemActor = { kind: "system"; id: "worker" | "platform" | "command"; name: string };

export type Actor = UserActor | SystemActor;

export const worker: SystemActor = { kind: "system", id: "worker", name: "Latchkey" };
/** A platform that told something by itself: which one stands in the event's own sentence. */
export const platform: SystemActor = { kind: "system", id: "platform", name: "" };
