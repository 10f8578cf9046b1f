import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

/** A call takes 20 s at most, a piece of work 30. */
const SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30];

type Metrics = ReturnType<typeof make>;
// Next bundles this module several times, and what each of them counts is one process's.
const holder = globalThis as { latchkeyMetrics?: Metrics };

/** Everything that this process measures. Labels are offers and fixed words: an id would be a series of its own for each row. */
export function metrics(): Metrics {
  holder.latchkeyMetrics ??= make();
  return holder.latchkeyMetrics;
}

function make() {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  // S-114: which Node runs here is nobody's business.
  registry.removeSingleMetric("nodejs_version_info");
  const byOutcome = ["offer", "outcome"] as const;
  return {
    registry,
    renewals: new Counter({ name: "latchkey_renewals_total", help: "Renewals by how they came out", labelNames: byOutcome, registers }),
    renewalSeconds: new Histogram({
      name: "latchkey_renewal_seconds",
      help: "How long a renewal took, turns waited for included",
      labelNames: ["offer"] as const,
      buckets: SECONDS,
      registers,
    }),
    clockSkew: new Gauge({
      name: "latchkey_clock_skew_seconds",
      help: "How far the database server's clock is ahead of this process's",
      registers,
    }),
    exchanges: new Counter({
      name: "latchkey_exchanges_total",
      help: "Exchanges of codes by how they came out",
      labelNames: byOutcome,
      registers,
    }),
    revocations: new Counter({
      name: "latchkey_revocations_total",
      help: "Revocations by what the platform said",
      labelNames: byOutcome,
      registers,
    }),
    notices: new Counter({
      name: "latchkey_notices_total",
      help: "What came to the addresses that platforms tell us things at",
      labelNames: byOutcome,
      registers,
    }),
    calls: new Counter({
      name: "latchkey_platform_calls_total",
      help: "Calls to platforms by their answers' class; none: no whole answer came",
      labelNames: ["offer", "status"] as const,
      registers,
    }),
    callSeconds: new Histogram({
      name: "latchkey_platform_call_seconds",
      help: "How long platforms took to answer",
      labelNames: ["offer"] as const,
      buckets: SECONDS,
      registers,
    }),
  };
}

/** Above 30, either way, whoever compares times of this process with others' is misled. */
export function noteClockSkew(seconds: number): void {
  metrics().clockSkew.set(seconds);
}

export function countRenewal(offer: string, outcome: string, seconds: number): void {
  metrics().renewals.inc({ offer, outcome });
  metrics().renewalSeconds.observe({ offer }, seconds);
}

export function countExchange(offer: string, outcome: string): void {
  metrics().exchanges.inc({ offer, outcome });
}

export function countRevocation(offer: string, outcome: string): void {
  metrics().revocations.inc({ offer, outcome });
}

export function countNotice(offer: string, outcome: string): void {
  metrics().notices.inc({ offer, outcome });
}

/** `status` null: no whole answer came. */
export function countPlatformCall(offer: string, status: number | null, seconds: number): void {
  metrics().calls.inc({ offer, status: status === null ? "none" : `${Math.floor(status / 100)}xx` });
  metrics().callSeconds.observe({ offer }, seconds);
}
