import type { Shown, TimelineEntry } from "./show";

const EVENTS = 5;

/** Facts for engineers as plain text, in English and UTC whatever the reader's page is in: ids, states, codes and moments, never a secret. */
export function diagnostics({ connection: c, timeline, asOf }: Shown): string {
  const lines: [string, string | null][] = [
    ["Latchkey diagnostics", asOf.toISOString()],
    ["connection", c.id],
    ["merchant", c.merchantId],
    ["attempt", c.attemptId],
    ["provider", c.offer === c.provider ? c.provider : `${c.provider} (offer ${c.offer})`],
    ["environment", c.environment],
    ["account", c.accountId],
    ["state", `${c.state} (${c.status})`],
    ["policy", `${c.policy}${c.renewable ? "" : ", not renewable"}`],
    ["issued", utc(c.issuedAt)],
    ["expires", utc(c.expiresAt)],
    ["renews", utc(c.renewsAt)],
    ["point of no return", utc(c.noReturnAt)],
    ["last proof", utc(c.lastProofAt)],
    ["connected", utc(c.connectedAt)],
    ["updated", utc(c.updatedAt)],
    ["error class", c.trouble],
    ["error code", c.troubleCode],
    ["error at", utc(c.troubleAt)],
    ["failures in a row", c.failures > 0 ? String(c.failures) : null],
    ["revocation", c.revoked && `${c.revoked.confirmed ?? "not confirmed"}, tries ${c.revoked.tries}, at ${utc(c.revoked.at) ?? "?"}`],
  ];
  const facts = lines.flatMap(([name, value]) => (value === null ? [] : [`${name}: ${value}`]));
  return [...facts, `last ${EVENTS} events (UTC, newest first):`, ...timeline.slice(0, EVENTS).map(told)].join("\n");
}

const utc = (at: Date | null): string | null => at?.toISOString() ?? null;

function told({ id, at, kind, attemptId, facts }: TimelineEntry): string {
  const known = Object.entries({ ...facts, ...(attemptId && { attempt: attemptId }) });
  const words = known.flatMap(([name, value]) => (value === null ? [] : [`${name}=${value}`]));
  return `  ${at.toISOString()} ${kind} [event ${id}]${words.length > 0 ? ` ${words.join(" ")}` : ""}`;
}
