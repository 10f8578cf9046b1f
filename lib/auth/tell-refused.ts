import { transaction } from "@/db/client";
import { insertEvent } from "@/db/events";
import { clientAddress } from "@/lib/client-address";
import { inFlight } from "@/lib/in-flight";
import { log } from "@/lib/log";
import { worker } from "./actor";

/** What this process has told of in this minute: whoever comes a thousand times costs one statement. */
const told = { minute: 0, keys: new Set<string>() };

/** Somebody who was not let in, by the address that they proved or by none: once a minute, beside the refusal, which waits for nobody. */
export function tellRefused(why: string, email: string | null = null): void {
  const address = clientAddress();
  const minute = Math.floor(Date.now() / 60_000);
  if (told.minute !== minute) Object.assign(told, { minute, keys: new Set() });
  const key = `${why} ${email ?? address}`;
  if (told.keys.has(key)) return;
  told.keys.add(key);
  const event = { kind: "person.sign_in_refused", actor: { ...worker, address }, facts: { why, email } };
  void inFlight(transaction((tx) => insertEvent(tx, event))).catch((error: unknown) => log.error("refusal_not_recorded", error));
}
