import type { ConnectionView } from "@/lib/connections/view";
import { ExpiryBar } from "./expiry-bar";
import { ExpiryNote } from "./expiry-note";
import { type Audience, merchantWord, stateLook } from "./state-words";

// How long access lasts: to scale where there are dates, in words where there are none.
export function ConnectionAccess({ connection, audience, now }: { connection: ConnectionView; audience: Audience; now: Date }) {
  const { policy, issuedAt, expiresAt, renewsAt, lastDayAt, lastProofAt, state } = connection;
  if (policy === "on_demand") return <ExpiryNote kind="on_demand" fetchedAt={issuedAt ?? lastProofAt ?? undefined} now={now} />;
  if (!issuedAt || !expiresAt) return <ExpiryNote kind="no_end" issuedAt={issuedAt ?? undefined} now={now} />;
  // As the pill has it: what only we can mend is no warning to its owner.
  const shown = audience === "merchant" && merchantWord[state] === "working" ? "healthy" : state;
  const renews = renewsAt && renewsAt < expiresAt ? renewsAt : undefined;
  return (
    <ExpiryBar
      issuedAt={issuedAt}
      runsOutAt={expiresAt}
      renewsAt={renews}
      lastDayAt={lastDayAt ?? undefined}
      tone={stateLook[shown].tone}
      now={now}
    />
  );
}
