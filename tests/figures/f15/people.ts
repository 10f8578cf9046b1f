import { sql } from "drizzle-orm";
import { activatePending, rejoin } from "@/db/activate";
import { database, transaction } from "@/db/client";
import { findCandidates, findConnection, insertPending } from "@/db/connections";
import { newId } from "@/db/new-id";
import { worker } from "@/lib/auth/actor";
import { nextProofS } from "@/lib/connections/next-proof";
import { nextRefresh } from "@/lib/connections/next-refresh";
import { renew } from "@/lib/connections/renew";
import { openCandidate, openGrant, sealIssued } from "@/lib/connections/sealed-grant";
import { makeMerchant } from "@/tests/auth/people";
import { drawn } from "@/tests/figures/figure";
import type { Network } from "./network";
import { type Slug, slugOf } from "./plan";
import { accepts, accountAt, issueAt, type Platforms, removeAt } from "./stores";

/** How long an owner takes to come back, from one to twenty-five hours. */
const AWAY_S = 3_600;

/** The owners of the stores and what happened to their connections, as the platforms see it and not as we do. */
export class People {
  readonly rows: { id: string; slug: Slug; store: number }[] = [];
  /** Of connections that were given up: the platform would have gone on; nobody could; our own doing. */
  readonly demoted = { wrongly: 0, answerLost: 0, removed: 0, killedByUs: 0 };
  readonly foundAfterS: number[] = [];
  comebacks = 0;
  setAside = 0;
  readonly details: string[] = [];
  /** Connections whose newest grant reached us, would still be taken, and is not held. */
  readonly forgotten = new Set<string>();
  readonly #removedAt = new Map<number, number>();
  readonly #away = new Map<string, number>();

  constructor(
    readonly at: Platforms,
    readonly network: Network,
    readonly nowS: () => number,
    /** Is told whose grant is a new one, of its owner's making. */
    readonly begunAnew: (id: string) => void,
  ) {}

  async connect(store: number): Promise<void> {
    const slug = slugOf(store);
    const merchantId = await makeMerchant(`Shop ${store}`);
    const at = { id: newId("con"), merchantId };
    const issued = issueAt(this.at, slug, store);
    const { provider } = this.#offer(slug);
    // Connected at different times before the run began, so that they do not all come up at once.
    const age = drawn(this.network.plan.seed, "age", store);
    const now = new Date(Date.now() + this.at.skew.ms);
    const policy = provider.policy(true);
    const due = nextRefresh(policy, now, issued.expiresAt);
    const proven = {
      accountId: accountAt(slug, store),
      accountLabel: null,
      environment: "production",
      scopes: [...(issued.scopes ?? [])],
      connectedBy: "usr_owner",
      expiresAt: issued.expiresAt,
      nextRefreshAt: due && new Date(now.getTime() + (due.getTime() - now.getTime()) * age),
      proved: true,
      nextProofS: nextProofS(policy, issued.expiresAt) * drawn(this.network.plan.seed, "proof", store),
    };
    await transaction(async (tx) => {
      const about = { offer: slug, provider: slug, environment: "production", label: null, attemptId: null };
      await insertPending(tx, { ...at, ...about }, sealIssued(issued, at, []));
      await activatePending(tx, at.id, proven);
    });
    this.network.lines.set(at.id, { store, slug, calls: 0, newest: issued.renewal ?? "", lost: false });
    this.rows.push({ id: at.id, slug, store });
  }

  /** Somebody asks for a store's access: only then what is fetched on demand is kept warm. */
  async use(store: number): Promise<void> {
    const row = this.rows[store];
    if (!row) return;
    await database().execute(sql`update connections set used_at = app_now() where id = ${row.id}`);
    await renew(worker, row.id, this.network.open());
  }

  remove(store: number): void {
    const row = this.rows[store];
    if (!row || this.#away.has(row.id)) return;
    removeAt(this.at, row.slug, store);
    this.#removedAt.set(store, this.nowS());
  }

  /** Judges what was given up since the last look, and brings owners back who were told long enough ago. */
  async look(): Promise<void> {
    const found = await database().execute<{ id: string }>(sql`select id from connections where status = 'reconnect'`);
    for (const { id } of found.rows) if (!this.#away.has(id)) await this.#judge(id);
    for (const [id, untilS] of this.#away) if (untilS <= this.nowS()) await this.#comeBack(id);
    const aside = await database().execute<{ id: string }>(sql`select id from connections where trouble_code = 'quarantined'`);
    for (const { id } of aside.rows) {
      this.setAside += 1;
      await renew(worker, id, this.network.open());
    }
  }

  /** Looks for them; while nothing is under way. */
  async lookForForgotten(): Promise<void> {
    for (const { id, slug } of this.rows) {
      const line = this.network.lines.get(id);
      if (!line || this.forgotten.has(id) || !accepts(this.at, slug, line.newest) || (await this.#holdsLiving(id, slug))) continue;
      this.forgotten.add(id);
      this.details.push(`${slug} ${id}: the newest grant reached us and is not held`);
    }
  }

  async #holdsLiving(id: string, slug: Slug): Promise<boolean> {
    const row = await findConnection(database(), id);
    if (!row) return false;
    const kept = (await findCandidates(database(), id)).map((candidate) => openCandidate(candidate, row));
    return [openGrant(row), ...kept].some(({ renewal }) => accepts(this.at, slug, renewal));
  }

  async #judge(id: string): Promise<void> {
    const line = this.network.lines.get(id);
    const row = await findConnection(database(), id);
    if (!line || !row) return;
    const removedAt = this.#removedAt.get(line.store);
    const tell = (what: string) =>
      this.details.push(`day ${(this.nowS() / 86_400).toFixed(1)}: ${line.slug} ${id} ${what} (${row.troubleCode})`);
    if (removedAt !== undefined) {
      this.demoted.removed += 1;
      this.foundAfterS.push(this.nowS() - removedAt);
    } else if (accepts(this.at, line.slug, line.newest)) {
      this.demoted.wrongly += 1;
      tell("was given up, and the platform would have gone on");
    } else if (line.lost) this.demoted.answerLost += 1;
    else {
      this.demoted.killedByUs += 1;
      tell("has ended without anything having been lost on the way");
    }
    this.#away.set(id, this.nowS() + AWAY_S * (1 + 24 * drawn(this.network.plan.seed, "back", line.store, line.calls)));
  }

  async #comeBack(id: string): Promise<void> {
    const line = this.network.lines.get(id);
    const row = await findConnection(database(), id);
    if (!line || !row) return;
    this.#away.delete(id);
    this.#removedAt.delete(line.store);
    // A late answer may have mended it before its owner came.
    if (row.status !== "reconnect") return;
    this.comebacks += 1;
    this.begunAnew(id);
    const issued = issueAt(this.at, line.slug, line.store);
    Object.assign(line, { newest: issued.renewal ?? "", lost: false });
    const policy = this.#offer(line.slug).provider.policy(true);
    const { accountId, accountLabel, environment } = row;
    const now = new Date(Date.now() + this.at.skew.ms);
    await transaction((tx) =>
      rejoin(tx, id, sealIssued(issued, row, []), {
        ...{ accountId, accountLabel, environment, scopes: [...(issued.scopes ?? [])], connectedBy: "usr_owner", proved: true },
        nextRefreshAt: nextRefresh(policy, now, issued.expiresAt),
        expiresAt: issued.expiresAt,
        nextProofS: nextProofS(policy, issued.expiresAt),
      }),
    );
  }

  #offer(slug: Slug) {
    const offer = this.at.offers.find((one) => one.slug === slug);
    if (!offer) throw new Error(`No offer ${slug}`);
    return offer;
  }
}
