import { database, transaction } from "@/db/client";
import { type Connection, claimConnection, findConnection, noteProof, releaseLease, settleFailed } from "@/db/connections";
import { insertEvent } from "@/db/events";
import { newId } from "@/db/new-id";
import type { Actor } from "@/lib/auth/actor";
import type { Account } from "@/lib/providers/contract";
import { ProviderError } from "@/lib/providers/provider-error";
import { canRenew } from "./can-renew";
import { type OpenIo, openIo } from "./open-io";
import { prove } from "./prove";
import { ownConnection, type RenewResult, renew } from "./renew";
import { STALE } from "./trouble-of";

export type TestResult = { kind: "works"; unproved: boolean } | Exclude<RenewResult, { kind: "renewed" }>;

/** Asks the platform whether a connection works, with fresh access where the old ran out. Demotes only on the platform's refusal. */
export async function testConnection(actor: Actor, id: string, open: OpenIo = openIo): Promise<TestResult> {
  let row = await ownConnection(actor, id, "connection.test");
  if (!["active", "reconnect"].includes(row.status)) return { kind: "cannot" };
  for (let round = 0; round < 2; round += 1) {
    const proof = await ask(row, open);
    if (!(proof instanceof ProviderError) && !proof.stale) {
      await note(actor, row, proof);
      return { kind: "works", unproved: proof.unproved === true };
    }
    const refused = proof instanceof ProviderError ? proof : null;
    const fresh = refused === null || STALE.has(refused.code) || refused.trouble === "reconnect";
    if (round === 0 && fresh && canRenew(row)) {
      const renewed = await renew(actor, id, open);
      if (renewed.kind !== "renewed") return renewed;
      row = (await findConnection(database(), id)) ?? row;
      continue;
    }
    if (refused?.trouble === "reconnect") await demote(actor, row, refused);
    if (refused?.detail.retryAfterS !== undefined && refused.trouble === "transient")
      return { kind: "not_now", retryAfterS: refused.detail.retryAfterS };
    return { kind: "failed", trouble: refused?.trouble ?? "transient", code: refused?.code ?? "stale" };
  }
  return { kind: "busy" };
}

async function ask(row: Connection, open: OpenIo): Promise<Account | ProviderError> {
  if (row.access === null) return new ProviderError("transient", "session_ended");
  const proof = await prove(row, open);
  if (proof instanceof ProviderError) return proof;
  const other = row.accountId !== null && proof.id !== null && proof.id !== row.accountId;
  return other ? new ProviderError("reconnect", "account_changed") : proof;
}

async function note(actor: Actor, row: Connection, account: Account): Promise<void> {
  await transaction(async (tx) => {
    if (account.unproved) return;
    await noteProof(tx, row.id, { label: account.label, scopes: account.scopes ? [...account.scopes] : null });
    await insertEvent(tx, { kind: "connection.tested", actor, merchantId: row.merchantId, connectionId: row.id, facts: { works: true } });
  });
}

async function demote(actor: Actor, row: Connection, error: ProviderError): Promise<void> {
  const leaseId = newId("lease");
  const held = await claimConnection(database(), row.id, leaseId, 30, 120, ["active"]);
  if (!held) return;
  // A newer access came in meanwhile: it was not the one that was refused.
  if (held.generation !== row.generation) return releaseLease(database(), row.id, leaseId);
  const failure = {
    trouble: "reconnect",
    code: error.code,
    customerText: error.detail.customerText ?? null,
    counts: true,
    waitS: 0,
    demote: true,
    keepSent: false,
  };
  await transaction(async (tx) => {
    if (!(await settleFailed(tx, row.id, leaseId, held.epoch, failure))) return;
    await insertEvent(tx, {
      kind: "connection.needs_reconnect",
      actor,
      merchantId: row.merchantId,
      connectionId: row.id,
      facts: { code: error.code },
    });
  });
}
