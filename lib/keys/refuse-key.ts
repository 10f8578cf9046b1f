import { database } from "@/db/client";
import { addKeyFailures } from "@/db/key-failures";
import { clientAddress } from "@/lib/client-address";
import { AppError } from "@/lib/errors";
import { isKeyToken, keyHint } from "./key-token";

/** In a minute, over all processes: from one address with keys that begin alike, and from one address in all. */
const MOST_ALIKE = 10;
const MOST = 100;
const MOST_KNOWN = 10_000;

// Next bundles this module several times. Until when a caller's failures are over the limit, by this process's clock.
const holder = globalThis as { latchkeyRefusedKeys?: Map<string, number> };
holder.latchkeyRefusedKeys ??= new Map();
const over = holder.latchkeyRefusedKeys;

const unknown = () => new AppError("unknown_key", 401);

/**
 * What to answer to a key that is not good: unknown, revoked and expired ones alike, and too many of them 429. Only what fails is counted: no
 * good key is turned away, since 160 bits are not guessed, and many callers may share an address. What cannot be a key at all costs nothing.
 */
export async function refuseKey(token: string, address = clientAddress()): Promise<AppError> {
  if (!isKeyToken(token)) return unknown();
  const alike = `${address ?? ""} ${keyHint(token)}`;
  const whos = address === null ? [alike] : [alike, address];
  const known = Math.max(0, ...whos.map((who) => over.get(who) ?? 0)) - performance.now();
  if (known > 0) return tooMany(known / 1_000);
  const failed = await addKeyFailures(database(), whos);
  const beyond = failed.filter(({ who, n }) => n > (who === alike ? MOST_ALIKE : MOST));
  if (over.size > MOST_KNOWN) over.clear();
  for (const { who, leftS } of beyond) over.set(who, performance.now() + leftS * 1_000);
  const [first] = beyond;
  return first ? tooMany(first.leftS) : unknown();
}

const tooMany = (leftS: number) => new AppError("too_many_failures", 429, { retryAfterS: leftS });
