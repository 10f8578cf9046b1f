import { AsyncLocalStorage } from "node:async_hooks";
import { isIP } from "node:net";

// What server.ts knows of a request is asked for in Next's own copies of this module.
const holder = globalThis as { latchkeyClientAddress?: AsyncLocalStorage<string | null> };
holder.latchkeyClientAddress ??= new AsyncLocalStorage<string | null>();
const current = holder.latchkeyClientAddress;

/** Runs `work` for a client at that address. */
export const withClientAddress = <T>(address: string | null, work: () => T): T => current.run(address, work);

/** The address of the client that is being answered; null under a server that did not tell it. */
export const clientAddress = (): string | null => current.getStore() ?? null;

/**
 * Whom a request came from. `proxies` of ours stand in front, each of which adds whom it heard to X-Forwarded-For: what stands before
 * those entries anybody may have written. Null: fewer came than there should be, or no address.
 */
export function addressOf(socket: string | undefined, forwarded: string | undefined, proxies: number): string | null {
  const told = proxies === 0 ? socket : forwarded?.split(",").at(-proxies)?.trim();
  const plain = told?.replace(/^::ffff:/, "");
  return plain && isIP(plain) ? plain : null;
}
