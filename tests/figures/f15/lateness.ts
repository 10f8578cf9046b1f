import { sql } from "drizzle-orm";
import { database } from "@/db/client";
import { spread } from "@/tests/figures/figure";
import type { Plan } from "./plan";

type Seen = { generation: number; dueMs: number | null; endsMs: number | null };
type Changed = {
  id: string;
  offer: string;
  generation: number;
  due: number | null;
  ends: number | null;
  issued: number | null;
  touched: string;
};

/** How late each renewal came, by the rows as they were before and after: against when it was due, and against the access's own end. */
export class Lateness {
  renewals = 0;
  readonly lateS: number[] = [];
  /** Of those in whose way it was that their platform was down or did not know our client. */
  readonly heldUpS: number[] = [];
  /** Renewals ahead of time that came only after access had ended, and for how long there was none. */
  readonly gapS: number[] = [];
  readonly #seen = new Map<string, Seen>();
  #last = "-infinity";

  constructor(
    readonly plan: Plan,
    /** The plan's moment of a time by the database's clock. */
    readonly atS: (ms: number) => number,
  ) {}

  async look(): Promise<void> {
    const found = await database().execute<Changed>(sql`
      select id, offer, generation, extract(epoch from next_refresh_at)::float8 * 1000 as due, extract(epoch from expires_at)::float8 * 1000 as ends,
        extract(epoch from issued_at)::float8 * 1000 as issued, updated_at::text as touched
      from connections where updated_at > ${this.#last}::timestamptz and status = 'active' order by updated_at`);
    for (const row of found.rows) {
      const before = this.#seen.get(row.id);
      this.#last = row.touched;
      // A try that failed sets another moment, but the renewal stays due since the first.
      if (before?.generation === row.generation) continue;
      if (before && row.issued !== null) this.#note(row.offer, before, row.issued);
      this.#seen.set(row.id, { generation: row.generation, dueMs: row.due, endsMs: row.ends });
    }
  }

  /** What its owner brings next is no renewal. */
  forget(id: string): void {
    this.#seen.delete(id);
  }

  #note(offer: string, before: Seen, issuedMs: number): void {
    this.renewals += 1;
    // What is fetched on demand is due when somebody asks.
    if (offer === "norce" || offer === "noon") return;
    if (before.dueMs !== null)
      (this.#isHeldUp(offer, before.dueMs, issuedMs) ? this.heldUpS : this.lateS).push((issuedMs - before.dueMs) / 1000);
    if (before.endsMs !== null && issuedMs > before.endsMs) this.gapS.push((issuedMs - before.endsMs) / 1000);
  }

  #isHeldUp(offer: string, dueMs: number, issuedMs: number): boolean {
    const { outages, wrongSecrets } = this.plan;
    const down = [
      ...outages.filter(({ slugs }) => slugs.some((slug) => slug === offer)),
      ...wrongSecrets.filter(({ slug }) => slug === offer),
    ];
    return down.some(({ fromS, untilS }) => this.atS(dueMs) < untilS && this.atS(issuedMs) > fromS);
  }

  told() {
    return {
      renewals: this.renewals,
      latenessS: spread(this.lateS),
      heldUp: this.heldUpS.length,
      heldUpS: spread(this.heldUpS),
      renewedAfterTheEnd: this.gapS.length,
      gapS: spread(this.gapS),
    };
  }
}
