import type { HeldAccess } from "@/db/access";
import type { Connection, SealedGrant } from "@/db/connections";
import type { Grant, Issued } from "@/lib/providers/contract";
import { type Place, reseal, seal, unseal } from "@/lib/vault";

type Owner = { id: string; merchantId: string };

const place = (table: "connections" | "grants", column: "access" | "renewal", owner: Owner): Place => ({
  table,
  column,
  row: owner.id,
  merchant: owner.merchantId,
});

/** What a platform issued, sealed for its row. `asked` stands where the platform named no scopes. */
export function sealIssued(
  issued: Issued,
  owner: Owner,
  asked: readonly string[],
  table: "connections" | "grants" = "connections",
): SealedGrant {
  return {
    access: issued.access === null ? null : seal(issued.access, place(table, "access", owner)),
    renewal: issued.renewal === null ? null : seal(issued.renewal, place(table, "renewal", owner)),
    renewable: issued.renewal !== null,
    expiresAt: issued.expiresAt,
    renewableUntil: issued.renewableUntil ?? null,
    scopes: [...(issued.scopes ?? asked)],
  };
}

/** The grant in the clear, for its provider only. Throws VaultError. */
export function openGrant(row: Connection): Grant {
  return {
    access: row.access === null ? null : unseal(row.access, place("connections", "access", row)),
    renewal: row.renewal === null ? null : unseal(row.renewal, place("connections", "renewal", row)),
    scopes: row.scopes,
    expiresAt: row.expiresAt,
    accountId: row.accountId,
  };
}

/** The same, of which the renewal is opened only where its provider reads it. */
export function openLazily(row: HeldAccess): Grant {
  let renewal: string | null | undefined;
  return {
    access: row.access === null ? null : unseal(row.access, place("connections", "access", row)),
    get renewal() {
      renewal ??= row.renewal === null ? null : unseal(row.renewal, place("connections", "renewal", row));
      return renewal;
    },
    scopes: row.scopes,
    expiresAt: row.expiresMs === null ? null : new Date(row.expiresMs),
    accountId: row.accountId,
  };
}

/** A kept candidate in the clear, as the grant of its connection. */
export function openCandidate(
  candidate: { id: string; merchantId: string; access: Connection["access"]; renewal: Connection["renewal"] },
  row: Connection,
): Grant {
  return {
    ...openGrant({ ...row, access: null, renewal: null }),
    access: candidate.access === null ? null : unseal(candidate.access, place("grants", "access", candidate)),
    renewal: candidate.renewal === null ? null : unseal(candidate.renewal, place("grants", "renewal", candidate)),
  };
}

/** One row's secrets, sealed anew for another row. */
export function moveGrant(from: Connection, to: Owner): SealedGrant {
  return {
    access: reseal(from.access, place("connections", "access", from), place("connections", "access", to)),
    renewal: reseal(from.renewal, place("connections", "renewal", from), place("connections", "renewal", to)),
    renewable: from.renewable,
    expiresAt: from.expiresAt,
    renewableUntil: from.renewableUntil,
    scopes: from.scopes,
  };
}
