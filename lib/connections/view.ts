import type { Connection } from "@/db/connections";
import { env } from "@/lib/env";
import { offers, pauseOf } from "@/lib/offers/offers";
import type { Policy } from "@/lib/providers/contract";
import { type HealthState, health, type MerchantWord, merchantWord, ownerEnd, pointOfNoReturn, type Rules } from "./health";

/** What a page may show of a connection: facts, never a secret. */
export type ConnectionView = {
  id: string;
  merchantId: string;
  merchantName: string;
  offer: string;
  /** The platform's id, which names its texts in the catalogue; `platformName` overrides them. */
  provider: string;
  platformName: string | null;
  /** The letters of its tile, where an admin added the platform; null: its tile is a picture. */
  monogram: string | null;
  environment: string;
  /** What people call the store; null: nobody named it. */
  name: string | null;
  accountId: string | null;
  status: Connection["status"];
  state: HealthState;
  word: MerchantWord;
  policy: Policy["kind"];
  renewable: boolean;
  scopes: readonly string[];
  issuedAt: Date | null;
  expiresAt: Date | null;
  renewsAt: Date | null;
  /** The last moment at which anybody but the owner can keep it alive. */
  ownerEndAt: Date | null;
  /** After it only the owner can mend what nobody mended before; null: no such moment is known, or it has passed. */
  noReturnAt: Date | null;
  /** Access that ran out can still be renewed until then; null: no such line is known, or none is needed. */
  lastDayAt: Date | null;
  lastProofAt: Date | null;
  connectedAt: Date | null;
  trouble: string | null;
  troubleCode: string | null;
  troubleAt: Date | null;
  customerText: string | null;
  failures: number;
  updatedAt: Date;
  revoked: {
    at: Date | null;
    confirmed: Connection["revokeConfirmed"];
    tries: number;
    reach: Connection["revokeReach"];
    /** When the secrets were erased here; null: they are still needed to tell the platform. */
    erasedAt: Date | null;
    /** Until when a backup from before that is kept; null: nobody said for how long they are. */
    inBackupsUntil: Date | null;
  } | null;
  attemptId: string | null;
  /** An admin holds its platform's renewals back until then, and why. */
  paused: { reason: string; until: Date } | null;
  /** A full revocation ends the account's other connections here too; a narrower one is on offer. */
  revocation: { endsSiblings: boolean; tokenOnly: boolean };
};

/** Of a platform that is not configured here any more: nobody but us can change that, so its merchants are not asked to. */
const NO_POLICY: Policy = { kind: "refresh_token", renewAfter: null, lateAfter: null, graceS: null };

/** By its platform, for a grant of its kind. */
export function policyOf(row: { offer: string; renewable: boolean }): Rules {
  const offer = offers().find((candidate) => candidate.slug === row.offer);
  return { ...(offer?.provider.policy(row.renewable) ?? NO_POLICY), pausedUntil: pauseOf(row.offer)?.until ?? null };
}

/** The view of a row as of `now` (the database's clock). A platform that is no longer configured is shown with what is stored. */
export function view(row: Connection, merchantName: string, now: Date): ConnectionView {
  const offer = offers().find((candidate) => candidate.slug === row.offer);
  const policy = policyOf(row);
  const state = health(row, policy, now);
  const ended = row.status === "revoking" || row.status === "revoked";
  const pause = ended ? null : pauseOf(row.offer);
  const paused = pause && pause.until > now ? pause : null;
  return {
    id: row.id,
    merchantId: row.merchantId,
    merchantName,
    offer: row.offer,
    provider: row.provider,
    platformName: offer?.name ?? null,
    monogram: offer?.stored?.texts.monogram ?? null,
    environment: row.environment,
    name: row.label ?? row.accountLabel ?? row.accountId,
    accountId: row.accountId,
    status: row.status,
    state,
    word: merchantWord(state),
    policy: policy.kind,
    renewable: policy.kind !== "none",
    scopes: row.scopes,
    issuedAt: row.issuedAt,
    expiresAt: row.expiresAt,
    // What is fetched on demand is kept warm, which is no promise to anybody.
    renewsAt: row.status === "active" && policy.kind === "refresh_token" ? notBefore(row.nextRefreshAt, paused?.until) : null,
    ownerEndAt: ownerEnd(row, policy),
    noReturnAt: pointOfNoReturn(row, policy),
    lastDayAt: row.expiresAt && policy.graceS ? new Date(row.expiresAt.getTime() + policy.graceS * 1000) : null,
    lastProofAt: row.lastProofAt,
    connectedAt: row.connectedAt,
    trouble: row.trouble,
    troubleCode: row.troubleCode,
    troubleAt: row.troubleAt,
    customerText: row.customerText,
    failures: row.failures,
    updatedAt: row.updatedAt,
    revoked: ended ? revokedView(row) : null,
    attemptId: row.attemptId,
    paused,
    revocation: offer?.provider.revocation ?? { endsSiblings: false, tokenOnly: false },
  };
}

function revokedView({ status, revokedAt, revokeAskedAt, revokeConfirmed, revokeTries, revokeReach }: Connection) {
  const erasedAt = status === "revoked" ? revokedAt : null;
  const days = env().LATCHKEY_BACKUP_DAYS;
  return {
    at: revokedAt ?? revokeAskedAt,
    confirmed: revokeConfirmed,
    tries: revokeTries,
    reach: revokeReach,
    erasedAt,
    inBackupsUntil: erasedAt && days ? new Date(erasedAt.getTime() + days * 86_400_000) : null,
  };
}

/** What is held back until a moment is done then, however early it was due. */
const notBefore = (due: Date | null, until: Date | undefined): Date | null => (due && until && due < until ? until : due);
