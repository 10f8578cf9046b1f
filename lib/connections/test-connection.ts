import { database, transaction } from "@/db/client";
import { type Connection, findConnection, noteProof } from "@/db/connections";
import { insertEvent } from "@/db/events";
import { scheduleProof } from "@/db/proofs";
import type { Actor } from "@/lib/auth/actor";
import { offer as findOffer } from "@/lib/offers/offers";
import type { Account } from "@/lib/providers/contract";
import { ProviderError } from "@/lib/providers/provider-error";
import { canRenew } from "./can-renew";
import { demote } from "./demote";
import { nextProofS } from "./next-proof";
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
    const proof = await ask(row, open, actor.kind === "system");
    if (!(proof instanceof ProviderError) && !proof.stale) {
      await note(actor, row, proof);
      return { kind: "works", unproved: proof.unproved === true };
    }
    const refused = proof instanceof ProviderError ? proof : null;
    const fresh = refused === null || STALE.has(refused.code) || refused.trouble === "reconnect";
    if (round === 0 && fresh && canRenew(row)) {
      const renewed = await renew(actor, id, open, row.generation);
      if (renewed.kind !== "renewed") return renewed;
      row = (await findConnection(database(), id)) ?? row;
      continue;
    }
    if (refused?.trouble === "reconnect" && row.status === "active") {
      const { code, detail } = refused;
      // Somebody is at it, or newer access came in meanwhile: then it was not this one that was refused.
      if ((await demote(actor, row, { code, customerText: detail.customerText })) !== "demoted") return { kind: "busy" };
    }
    if (refused?.detail.retryAfterS !== undefined && refused.trouble === "transient")
      return { kind: "not_now", retryAfterS: refused.detail.retryAfterS };
    return { kind: "failed", trouble: refused?.trouble ?? "transient", code: refused?.code ?? "stale" };
  }
  return { kind: "busy" };
}

async function ask(row: Connection, open: OpenIo, background: boolean): Promise<Account | ProviderError> {
  if (row.access === null) return new ProviderError("transient", "session_ended");
  const proof = await prove(row, open, background);
  if (proof instanceof ProviderError) return proof;
  const other = row.accountId !== null && proof.id !== null && proof.id !== row.accountId;
  return other ? new ProviderError("reconnect", "account_changed") : proof;
}

async function note(actor: Actor, row: Connection, account: Account): Promise<void> {
  const waitS = nextProofS(findOffer(row.offer).provider.policy(row.renewable), row.expiresAt);
  await transaction(async (tx) => {
    await scheduleProof(tx, row.id, waitS);
    if (account.unproved) return;
    await noteProof(tx, row.id, { label: account.label, scopes: account.scopes ? [...account.scopes] : null });
    // What is found in order day after day would bury what happened.
    if (actor.kind === "system") return;
    await insertEvent(tx, { kind: "connection.tested", actor, merchantId: row.merchantId, connectionId: row.id, facts: { works: true } });
  });
}
