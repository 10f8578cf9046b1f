import { drawn } from "@/tests/figures/figure";

export const slugs = ["oauth2", "ultracart", "square", "noon", "norce"] as const;
export type Slug = (typeof slugs)[number];

const HOUR = 3_600;
const DAY = 24 * HOUR;

/** How long access lives. Single-use refresh tokens stand behind the first two: each renewal is a chance to lose one. */
export const livesS = { oauth2: 2 * DAY, ultracart: 2 * DAY, square: 30 * DAY, noon: 7 * DAY, norce: HOUR };

/** Of a hundred connections. */
const MIX: Record<Slug, number> = { oauth2: 30, ultracart: 20, square: 20, noon: 15, norce: 15 };

/** Of a hundred calls, by what becomes of them; nobody can get back what was answered and lost. */
export const FAULTS = { unavailable: 2, lost: 1, limited: 1, odd: 1 } as const;
export type FaultKind = keyof typeof FAULTS;

type During = { fromS: number; untilS: number };

export type Plan = {
  seed: number;
  days: number;
  connections: number;
  /** Rounds are this far apart, or further where nothing is due. */
  stepS: number;
  outages: (During & { slugs: readonly Slug[] })[];
  /** The platform knows another client secret than we do. */
  wrongSecrets: (During & { slug: "oauth2" | "square" })[];
  /** Owners who take our access away at the platform, by number. */
  removals: { atS: number; store: number }[];
};

/** The calendar of a run: everything in it stands in proportion to its days. */
export function planOf(seed: number, days: number, connections: number, stepS: number): Plan {
  const at = (share: number) => Math.round(days * DAY * share);
  const during = (share: number, hours: number): During => ({ fromS: at(share), untilS: at(share) + hours * HOUR });
  return {
    seed,
    days,
    connections,
    stepS,
    outages: [
      { ...during(0.2, 6), slugs: ["ultracart"] },
      { ...during(0.6, 6), slugs },
    ],
    wrongSecrets: [
      { ...during(0.35, 24), slug: "oauth2" },
      { ...during(0.8, 24), slug: "square" },
    ],
    removals: Array.from({ length: Math.ceil(connections / 40) }, (_, index) => ({
      atS: at(0.1 + 0.8 * drawn(seed, "removal", index)),
      store: Math.floor(drawn(seed, "removed", index) * connections),
    })),
  };
}

/** The platform of the nth connection. */
export function slugOf(store: number): Slug {
  const place = (store * 37) % 100;
  let upTo = 0;
  for (const slug of slugs) {
    upTo += MIX[slug];
    if (place < upTo) return slug;
  }
  return "norce";
}

export const isDuring = ({ fromS, untilS }: During, atS: number) => atS >= fromS && atS < untilS;
