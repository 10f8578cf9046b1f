import type { Platforms } from "./stores";

/** Platforms that publish how much they bear, and how the calls that count against it are known. */
const LIMITS = {
  // Three a minute with a burst of twenty behind the first.
  norce: { counts: (name: string) => name === "token", burst: 21, perS: 3 / 60, windowS: 60 },
  ultracart: { counts: (name: string) => !/authorize|consent/.test(name), burst: 1_000, perS: 0, windowS: 3_600 },
  noon: { counts: (name: string) => name !== "authorize", burst: 1_500, perS: 0, windowS: 60 },
} as const;

type Limited = keyof typeof LIMITS;

/** Reads the platforms' ledgers for calls beyond what each of them bears, and forgets what it has read. */
export class Budgets {
  violations = 0;
  readonly most: Record<Limited, number> = { norce: 0, ultracart: 0, noon: 0 };
  readonly calls: Record<string, number> = {};
  readonly #windows: Record<Limited, number[]> = { norce: [], ultracart: [], noon: [] };
  #level = { norce: 0, at: 0 };

  constructor(readonly at: Platforms) {}

  read(): void {
    for (const [slug, { ledger }] of Object.entries(this.at.simulators)) {
      this.calls[slug] = (this.calls[slug] ?? 0) + ledger.calls.length;
      // Injected answers never get here: the platform itself said that it was too much, or that two came at once.
      this.violations += ledger.calls.filter(({ status }) => status === 429).length;
      if (slug in LIMITS) for (const call of ledger.calls) this.#count(slug as Limited, call.name, Date.parse(call.at) / 1000);
      ledger.clear();
    }
  }

  #count(slug: Limited, name: string, atS: number): void {
    const { counts, burst, perS, windowS } = LIMITS[slug];
    if (!counts(name)) return;
    if (perS > 0) {
      const level = Math.max(0, this.#level.norce - (atS - this.#level.at) * perS) + 1;
      this.#level = { norce: level, at: atS };
      this.most[slug] = Math.max(this.most[slug], Math.ceil(level));
      if (level > burst) this.violations += 1;
      return;
    }
    const window = this.#windows[slug];
    window.push(atS);
    while ((window[0] ?? atS) <= atS - windowS) window.shift();
    this.most[slug] = Math.max(this.most[slug], window.length);
    if (window.length > burst) this.violations += 1;
  }
}
