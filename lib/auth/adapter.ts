import type { Adapter, AdapterUser } from "next-auth/adapters";
import { database } from "@/db/client";
import { deleteExpiredSessions, deleteSession } from "@/db/sessions";
import { insertSignInLink, takeSignInLink } from "@/db/sign-in-links";
import { findUser, findUserByAccount, findUserByEmail, type UserRow } from "@/db/users";
import { keepLocaleOfSignIn } from "./keep-locale";
import { keepSession } from "./keep-session";
import { longestSessionS } from "./session-lifetimes";
import { hashToken } from "./session-token";
import { signInLinkLifeS } from "./sign-in-link";

/**
 * next-auth's view of our tables. It reads people and starts sessions; people, accounts and memberships are written by admit(),
 * in one transaction, before next-auth looks for them. It judges by its own clock what we judge by the database's.
 */
export function adapter(issuer: string | undefined): Adapter {
  return {
    getUser: async (id) => toAdapterUser(await findUser(database(), id)),
    getUserByEmail: async (email) => toAdapterUser(await findUserByEmail(database(), email)),
    // Keyed by the issuer's address: another issuer behind the same configuration has other subjects.
    getUserByAccount: async ({ providerAccountId }) =>
      issuer ? toAdapterUser(await findUserByAccount(database(), issuer, providerAccountId)) : null,
    updateUser: async ({ id }) => {
      const user = toAdapterUser(await findUser(database(), id));
      if (!user) throw new Error("A user vanished while signing in.");
      return user;
    },
    createUser: async () => {
      throw new Error("Only admit() makes users.");
    },
    linkAccount: async () => {
      throw new Error("Only admit() links accounts.");
    },
    createSession: async ({ sessionToken, userId }) => {
      await deleteExpiredSessions(database());
      await keepSession(sessionToken, userId);
      await keepLocaleOfSignIn(userId);
      return { sessionToken, userId, expires: new Date(Date.now() + longestSessionS * 1_000) };
    },
    // Every sign-in is a new one: what the browser was signed in as plays no part in it.
    getSessionAndUser: async () => null,
    updateSession: async () => null,
    deleteSession: (sessionToken) => deleteSession(database(), hashToken(sessionToken)),
    createVerificationToken: async (link) => {
      await insertSignInLink(database(), { identifier: link.identifier, tokenHash: link.token }, signInLinkLifeS);
      return link;
    },
    useVerificationToken: async ({ identifier, token }) => {
      const alive = await takeSignInLink(database(), { identifier, tokenHash: token });
      return alive ? { identifier, token, expires: new Date(Date.now() + 60_000) } : null;
    },
  };
}

function toAdapterUser(user: UserRow | null): AdapterUser | null {
  return user && { id: user.id, email: user.email, name: user.name, emailVerified: user.emailVerified };
}
