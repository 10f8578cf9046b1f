import { database, transaction } from "@/db/client";
import { insertEvent } from "@/db/events";
import { claimProbe, closeIncident, findIncident, openIncident } from "@/db/incidents";
import { isHeldBack } from "@/db/offer-pauses";
import { worker } from "@/lib/auth/actor";
import { crossing } from "@/lib/crash-point";
import { log } from "@/lib/log";
import { ProviderError } from "@/lib/providers/provider-error";

/** Operator trouble that one answer or one row has, and not the client with which all of an offer's connections live. */
const NOT_THE_CLIENT: ReadonlySet<string> = new Set([
  "mixed_answer",
  "foreign_client",
  "offer_changed",
  "challenge_missing",
  "redirect_uri_mismatch",
]);

/** The code with which work is turned away while an incident is open. */
export const PAUSED = "paused";

/**
 * Does what needs the installation's own client at a platform. When the platform refuses that client, one incident opens and everything
 * else at that offer is turned away unsent (ProviderError "operator" `paused`, with the seconds until the next probe); the first probe that
 * works closes it. Nobody's connection is judged by it.
 */
export async function withClient<T>(offer: string, work: () => Promise<T>): Promise<T> {
  const incident = await findIncident(database(), offer);
  if (incident && !(await crossing("client.probe", () => claimProbe(database(), incident.id))))
    throw new ProviderError("operator", PAUSED, { retryAfterS: Math.max(incident.waitS, 1) });
  const done = await work().catch(async (error: unknown) => {
    const about = error instanceof ProviderError && error.trouble === "operator" && !NOT_THE_CLIENT.has(error.code);
    if (about && !incident) await noted(() => report(offer, error.code));
    throw error;
  });
  if (incident) await noted(() => end(incident.id));
  return done;
}

/**
 * Whether nobody is to be sent there: a code would be turned away if it came now (once a probe is due, the next one may be it), or an admin
 * holds the platform back.
 */
export async function isPaused(offer: string): Promise<boolean> {
  return ((await findIncident(database(), offer))?.waitS ?? 0) > 0 || (await isHeldBack(database(), offer));
}

/** Nothing that a platform answered is lost because the incident could not be written. */
async function noted(write: () => Promise<void>): Promise<void> {
  await write().catch((error: unknown) => log.error("incident_unwritten", error));
}

async function report(offer: string, code: string): Promise<void> {
  await crossing("client.open_incident", () =>
    transaction(async (tx) => {
      const opened = await openIncident(tx, offer, code);
      if (!opened) return;
      await insertEvent(tx, { kind: "incident.opened", actor: worker, facts: { incident: opened.id, offer, code } });
      log.warn("incident_opened", { incident: opened.id, offer, cause: code });
    }),
  );
}

async function end(id: string): Promise<void> {
  await crossing("client.close_incident", () =>
    transaction(async (tx) => {
      const closed = await closeIncident(tx, id);
      if (!closed) return;
      await insertEvent(tx, {
        kind: "incident.closed",
        actor: worker,
        facts: { incident: id, offer: closed.offer, probes: closed.probes },
      });
      log.info("incident_closed", { incident: id, offer: closed.offer });
    }),
  );
}
