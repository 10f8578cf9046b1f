import type { HealthState } from "@/db/schema";
import { chance } from "./chance";
import { type MerchantNames, merchantNames, storeName } from "./names";
import { type Seeding, seedNumber } from "./seeding";
import { type Times, timesOf } from "./times";

export type Slug = "square" | "oauth2" | "noon" | "ultracart" | "norce";
/** `stuck`: its platform answers 503 for this account; `slow`: it takes its time. */
export type Mood = "well" | "stuck" | "slow";

export type Plan = Times & {
  index: number;
  fate: HealthState;
  offer: Slug;
  environment: string;
  accountId: string;
  /** Null: one of the demo's guests. */
  merchant: (MerchantNames & { number: number }) | null;
  /** What the store is called at its platform. */
  store: string;
  /** Whether the platform still stands by what it issued. */
  alive: boolean;
  renewable: boolean;
  mood: Mood;
};

/** Stores of the first guest, so that each kind of next step is there to be taken. */
export const GUEST_STORES: readonly { offer: Slug; fate: HealthState; store: string }[] = [
  { offer: "square", fate: "healthy", store: "Riyadh Trading – Olaya" },
  { offer: "ultracart", fate: "needs_reconnect", store: "Riyadh Trading – outlet" },
  { offer: "oauth2", fate: "expiring_soon", store: "متجر الرياض – العليا" },
  { offer: "noon", fate: "healthy", store: "Riyadh Trading – Noon" },
  { offer: "square", fate: "refresh_failing", store: "Riyadh Trading – Malaz" },
];

/** Of 10,000. What is left is healthy. */
const SHARES: Partial<Record<HealthState, number>> = {
  revoked: 340,
  needs_reconnect: 260,
  unknown: 180,
  expiring_soon: 140,
  refresh_failing: 90,
  renewal_late: 80,
  expired_renewable: 40,
  pending: 30,
};
const LEAST = 4;
/** These are renewed every few minutes by a platform that takes its time, so that some always are just then. */
const SLOW = 40;

type Order = { step: number; upTo: [HealthState, number][] };
const orders = new Map<number, Order>();

/** Up to which place, of as many as there are rows, each state reaches, and by which step the places are gone through. */
function orderOf(rows: number): Order {
  const known = orders.get(rows);
  if (known) return known;
  let reached = 0;
  let step = Math.max(1, Math.floor(rows * 0.618));
  while (divisor(step, rows) !== 1) step += 1;
  const least = Math.min(LEAST, Math.ceil(rows / 40));
  const upTo = Object.entries({ ...SHARES, renewing: 0 }).map(([state, share]): [HealthState, number] => {
    reached += state === "renewing" ? Math.min(SLOW, Math.ceil(rows / 8)) : Math.max(least, Math.round((share * rows) / 10_000));
    return [state as HealthState, reached];
  });
  const made = { step, upTo };
  orders.set(rows, made);
  return made;
}

/** Each state exactly as often as it should be, in no order that anybody sees: by a step that has no divisor in common with the number of rows. */
function fateOf({ rows }: Seeding, index: number): HealthState {
  const { step, upTo } = orderOf(rows);
  // Below a million times a million, which is exact.
  const place = (index * step) % rows;
  return upTo.find(([, end]) => place < end)?.[0] ?? "healthy";
}

const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));

/** Norce counts sign-ins by the address that they come from, three a minute: more users than this it could never keep up with. */
const MOST_NORCE = 400;

function offerOf(rows: number, fate: HealthState, at: number): Slug {
  const norce = Math.min(0.04, MOST_NORCE / rows);
  if (fate === "renewing") return "oauth2";
  if (fate === "renewal_late") return "ultracart";
  if (["pending", "expired_renewable", "refresh_failing"].includes(fate)) return "square";
  if (fate === "expiring_soon") return at < 0.5 ? "noon" : "oauth2";
  if (fate === "unknown") return at < norce * 5 ? "norce" : "noon";
  if (at < norce) return "norce";
  const rest = (at - norce) / (1 - norce);
  return rest < 0.42 ? "square" : rest < 0.67 ? "oauth2" : rest < 0.85 ? "noon" : "ultracart";
}

/** How many stores the merchants of one block of forty rows have. */
const SIZES = [1, 1, 2, 3, 4, 5, 8, 16];
const OF_SIZES = SIZES.flatMap((size, at) => Array.from({ length: size }, () => at));

/** With more than this the first proofs are spread over longer than the product's half day: the simulators share this machine. */
const MUCH = 100_000;

export function planOf(seeding: Seeding, index: number): Plan {
  const seed = seedNumber(seeding);
  const draw = (at: number) => chance(seed, index, at);
  const guest = seeding.rows >= 40 ? GUEST_STORES[index] : undefined;
  const fate = guest?.fate ?? fateOf(seeding, index);
  const offer = guest?.offer ?? offerOf(seeding.rows, fate, draw(1));
  const block = Math.floor(index / OF_SIZES.length);
  const place = OF_SIZES[index % OF_SIZES.length] ?? 0;
  const number = block * SIZES.length + place;
  const merchant = guest ? null : { number, ...merchantNames(number, (at) => chance(seed, number, 100 + at)) };
  const environment = offer === "norce" ? (["production", "stage", "playground"][Math.floor(draw(2) * 3)] as string) : "production";
  const store = guest?.store ?? storeName(merchant as MerchantNames, SIZES[place] === 1, (at) => draw(10 + at));
  const times = timesOf(fate, offer, seeding.atMs, (at) => draw(20 + at));
  const nextProofAt = times.nextProofAt && seeding.atMs + (times.nextProofAt - seeding.atMs) * Math.max(1, seeding.rows / MUCH);
  return {
    ...times,
    nextProofAt,
    index,
    fate,
    offer,
    environment,
    accountId: accountIdOf(seeding, offer, environment, index),
    merchant,
    store,
    alive: !["needs_reconnect", "revoked"].includes(fate),
    renewable: !(fate === "expiring_soon" && offer === "oauth2") && fate !== "revoked",
    mood: ["refresh_failing", "expired_renewable", "pending"].includes(fate) ? "stuck" : fate === "renewing" ? "slow" : "well",
  };
}

export const norceSlug = (index: number): string => `shop-${index}`;
export const isSeededSlug = (slug: string): boolean => /^shop-\d+$/.test(slug);
export const norceApplication = (index: number): number => 5_000_000 + index;

function accountIdOf({ norceOrigin }: Seeding, offer: Slug, environment: string, index: number): string {
  switch (offer) {
    case "square":
      return `MLDEMO${String(index).padStart(8, "0")}`;
    case "ultracart":
      return `D${index.toString(36).toUpperCase().padStart(5, "0")}`;
    case "oauth2":
      return `acct-demo-${index}`;
    case "noon":
      return `PRJ6${String(index).padStart(7, "0")}`;
    case "norce":
      return `${new URL(norceOrigin).host}/${norceSlug(index)}/se/${environment}/${norceApplication(index)}`;
  }
}

/** The row whose account a platform names so; null: none of the seed's. */
export function rowOfAccount({ rows }: Seeding, accountId: string): number | null {
  const [, square, ultracart, oauth2, noon, norce] =
    /^(?:MLDEMO(\d{8})|D([0-9A-Z]{5})|acct-demo-(\d+)|PRJ6(\d{7})|.*\/shop-(\d+)\/se\/\w+\/\d+)$/.exec(accountId) ?? [];
  const digits = square ?? oauth2 ?? noon ?? norce;
  const index = digits ? Number(digits) : ultracart ? Number.parseInt(ultracart, 36) : Number.NaN;
  return index < rows ? index : null;
}
