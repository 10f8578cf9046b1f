import { transaction } from "@/db/client";
import { insertEvent } from "@/db/events";
import type { KeyActor } from "@/lib/auth/actor";
import { AppError } from "@/lib/errors";
import { assertCounting, noteHandOut } from "@/lib/keys/hand-outs";
import { offer as findOffer } from "@/lib/offers/offers";
import { VaultError } from "@/lib/vault";
import { readLive } from "./access-reading";
import { openLazily } from "./sealed-grant";

export type Credentials = {
  connectionId: string;
  offer: string;
  environment: string;
  accountId: string | null;
  file: Record<string, unknown>;
};

/** The file behind the access itself, which outlives every renewal: so it is told, each time, before it is handed out. */
export async function accessCredentials(actor: KeyActor, id: string): Promise<Credentials> {
  const { merchantId } = await readWithFile(actor, id);
  assertCounting();
  await transaction((tx) => insertEvent(tx, { kind: "connection.credentials_read", actor, merchantId, connectionId: id }));
  // It may have ended while that was written.
  const { offer, environment, accountId, file } = await readWithFile(actor, id);
  noteHandOut(actor.id, id);
  return { connectionId: id, offer, environment, accountId, file };
}

async function readWithFile(actor: KeyActor, id: string) {
  const row = await readLive(actor.id, id, "credentials.read");
  const file = fileOf(row);
  if (!file) throw new AppError("no_credentials", 404);
  return { ...row, file };
}

function fileOf(row: Awaited<ReturnType<typeof readLive>>): Record<string, unknown> | null {
  try {
    return findOffer(row.offer).provider.credentials?.(openLazily(row)) ?? null;
  } catch (error) {
    if (error instanceof VaultError) throw new AppError("sealing_key_missing", 503);
    throw error;
  }
}
