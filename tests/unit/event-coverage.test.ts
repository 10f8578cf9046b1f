import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const sources = ["lib", "db"]
  .flatMap((room) => readdirSync(room, { recursive: true, encoding: "utf8" }).map((file) => join(room, file)))
  .filter((file) => file.endsWith(".ts"))
  .map((file) => readFileSync(file, "utf8"));

/** What must be told of, and by which events it is. */
const coverage: Record<string, readonly string[]> = {
  "signing in": ["person.joined", "person.signed_in"],
  "being turned away": ["person.sign_in_refused"],
  "access denied": ["access.denied"],
  "a flow's start": ["attempt.started", "link.created", "link.opened"],
  "a flow's end": ["attempt.answered", "attempt.cancelled", "attempt.failed", "attempt.abandoned", "attempt.replaced", "link.used"],
  exchange: ["attempt.exchanged", "connection.connected"],
  "a renewal's result": ["connection.renewed", "connection.renewal_in_doubt", "connection.needs_reconnect", "grant.kept", "grant.promoted"],
  "credentials and reports by key": ["connection.credentials_read", "connection.refusal_reported"],
  revoking: ["connection.revoke_asked", "connection.revoked", "connection.revoke_unconfirmed", "bulk.started", "bulk.finished"],
  "roles and people": [
    "person.role_changed",
    "person.disabled",
    "person.enabled",
    "person.removed",
    "sessions.ended",
    "invitation.created",
    "invitation.accepted",
  ],
  "keys of backends": ["key.created", "key.replaced", "key.revoked", "key.exposed", "caller.paused", "caller.resumed"],
  "platforms edited": ["offer.created", "offer.edited", "offer.published", "offer.deleted", "offer.secret_added", "offer.paused"],
  "what cannot be opened": ["connection.needs_reconnect", "connection.quarantined", "incident.opened"],
  "alerts and their rules": ["alert.opened", "alert.closed", "alert.rule_changed", "alert.destination_added"],
  "the audit itself": ["audit.exported", "audit.anchored", "list.exported"],
};

test.each(Object.entries(coverage))("S-102 %s is told of", (_, kinds) => {
  const written = (kind: string) => {
    const [noun = "", verb = ""] = kind.split(".");
    // Some verbs are chosen where they are written.
    return sources.some((text) => text.includes(`"${kind}"`) || (text.includes(`\`${noun}.\${`) && text.includes(`"${verb}"`)));
  };
  expect(kinds.filter((kind) => !written(kind))).toEqual([]);
});

test("S-102 what is handed out is counted by key, connection and minute", () => {
  expect(sources.some((text) => text.includes("insert into hand_outs (connection_id, key_id, minute, n)"))).toBe(true);
});
