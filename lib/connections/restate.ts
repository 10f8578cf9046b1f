import { database } from "@/db/client";
import { readClock } from "@/db/read-clock";
import { type PassedRow, passedRows, type Stated, adoptPolicies as storePolicies, storeStates } from "@/db/states";
import { freshOffers } from "@/lib/offers/fresh-offers";
import { offers } from "@/lib/offers/offers";
import type { Provider } from "@/lib/providers/contract";
import { health, nextChange, pointOfNoReturn } from "./health";
import { policyOf } from "./view";

const BATCH = 1_000;

/**
 * Works out anew the states that are in doubt, of at most `most` connections, and stores them: any process may, before it lists or counts.
 * Resolves to whether none is left.
 */
export async function restate(most = 5_000): Promise<boolean> {
  for (let done = 0; done < most; done += BATCH) {
    const rows = await passedRows(database(), BATCH);
    if (rows.length === 0) return true;
    const now = await readClock(database());
    // After the rows: whoever put them in doubt for a pause's sake had written it before.
    await freshOffers(0);
    await storeStates(
      database(),
      rows.map((row) => stated(row, now)),
    );
    if (rows.length < BATCH) return true;
  }
  return false;
}

function stated(row: PassedRow, now: Date): Stated {
  const { id, version } = row;
  // A half-made row that was given back is kept for late answers and counted nowhere.
  if (row.status === "revoked" && row.connectedAt === null) return { id, version, state: null, changesAt: null, noReturnAt: null };
  const policy = policyOf(row);
  return {
    id,
    version,
    state: health(row, policy, now),
    changesAt: nextChange(row, policy, now),
    noReturnAt: pointOfNoReturn(row, policy),
  };
}

/** Raised when `health` itself judges differently. */
const RULES = 1;

/** A platform that comes, goes or gets another policy puts the states of its connections in doubt. */
export async function adoptPolicies(): Promise<void> {
  const fingerprint = ({ policy }: Provider) => JSON.stringify([RULES, policy(true), policy(false)]);
  await storePolicies(
    database(),
    offers().map(({ slug, provider }) => ({ offer: slug, fingerprint: fingerprint(provider) })),
  );
}
