import { quarantine } from "@/db/claims";
import { transaction } from "@/db/client";
import type { Connection } from "@/db/connections";
import { insertEvent } from "@/db/events";
import { worker } from "@/lib/auth/actor";
import { crossing } from "@/lib/crash-point";
import { log } from "@/lib/log";
import { leaseOf } from "./lease";

/** A row at which so many holders died one after the other is the likely reason. */
export const MOST_CRASHES = 3;

/** Puts such a row aside, so that the others are renewed: staff see why, and may renew it by hand. */
export async function setAsidePoisoned(row: Connection): Promise<void> {
  log.error("row_quarantined", null, { connection: row.id, offer: row.offer, crashes: row.crashes });
  await crossing("renew.set_aside", () =>
    transaction(async (tx) => {
      if (!(await quarantine(tx, row.id, leaseOf(row), row.epoch))) return;
      const facts = { crashes: row.crashes };
      await insertEvent(tx, { kind: "connection.quarantined", actor: worker, merchantId: row.merchantId, connectionId: row.id, facts });
    }),
  );
}
