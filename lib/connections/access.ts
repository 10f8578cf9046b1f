import type { HeldAccess } from "@/db/access";
import type { KeyActor } from "@/lib/auth/actor";
import { AppError } from "@/lib/errors";
import { VaultError } from "@/lib/vault";
import { type Checked, checkedAccess } from "./access-check";
import { type Handed, handOut } from "./access-hand-out";
import { readLive } from "./access-reading";
import { COOL_S, type Heard, LONGEST_MS, newerAccess } from "./access-renewal";
import { waitFor } from "./access-waiting";
import { serves, type Wish } from "./access-wish";
import { canRenew } from "./can-renew";
import { type OpenIo, openIo } from "./open-io";

/**
 * Access that works now. What is held and good is handed out as it is; else whoever asks waits for newer access, up to five seconds. Key and
 * connection are read again after each wait. Throws AppError: 401, 403, 404, 409, 410, 429 and 503, the last two with the seconds to wait.
 */
export async function access(
  actor: KeyActor,
  id: string,
  wish: Wish,
  open: OpenIo = openIo,
  operation: "access.read" | "proxy.call" = "access.read",
): Promise<Handed> {
  const until = performance.now() + LONGEST_MS;
  let rejected = wish.rejected;
  let failure: AppError | null = null;
  for (;;) {
    const row = await readLive(actor.id, id, operation);
    const handed = serves(row, { ...wish, rejected }) ? opened(actor.id, row) : null;
    if (handed) return handed;
    const leftMs = until - performance.now();
    if (failure || leftMs <= 0) throw failure ?? new AppError("renewing", 503);
    if (row.generation === rejected) {
      const checked = await waitFor(id, () => checkedAccess(actor, id, row.generation, open), leftMs);
      // What the platform was just asked about is no use asking about again.
      if (checked?.verdict === "works" && !checked.known) rejected = null;
      else failure = whyNot(checked);
    } else if (!canRenew(row)) throw new AppError("reconnect_required", 409);
    else if (isOverAtOnce(row)) throw new AppError("platform_failing", 503, { retryAfterS: COOL_S });
    else {
      const heard = await waitFor(id, () => newerAccess(actor, id, row.generation, open), leftMs);
      failure = whyStale(heard);
    }
  }
}

/** Null: what is stored cannot be read, which a renewal mends where it can be mended. */
function opened(keyId: string, row: HeldAccess): Handed | null {
  try {
    const handed = handOut(keyId, row);
    if (!handed) throw new AppError("platform_missing", 503);
    return handed;
  } catch (error) {
    if (error instanceof VaultError && error.code === "tampered") return null;
    if (error instanceof VaultError) throw new AppError("sealing_key_missing", 503);
    throw error;
  }
}

/** Access that is over as soon as it comes, by a clock that is wrong here or there: asking at once would bring the same again. */
const isOverAtOnce = ({ leftS, lifeS }: HeldAccess): boolean => leftS !== null && lifeS !== null && lifeS - leftS < COOL_S;

function whyStale(heard: Heard | null): AppError | null {
  if (heard === null) return new AppError("renewing", 503);
  return heard.kind === "moved" ? null : new AppError(heard.code, 503, { retryAfterS: heard.retryAfterS });
}

function whyNot(checked: Checked | null): AppError {
  if (checked === null || checked.verdict === null) return new AppError("checking", 503);
  const { verdict, known, againS } = checked;
  // Said only where neither shows in the row: somebody is at it.
  if (verdict === "renewed" || verdict === "ended") return new AppError("renewing", 503, { retryAfterS: 1 });
  if (known) return new AppError("checked_lately", 429, { retryAfterS: againS });
  return new AppError("platform_failing", 503, { retryAfterS: againS });
}
