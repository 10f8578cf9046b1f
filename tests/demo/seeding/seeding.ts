/**
 * What a demo's seeded connections all follow from. Nothing of a single one is kept beside the product's own tables: what it is and
 * which secrets its platform issued can be worked out from its number.
 */
export type Seeding = {
  /** Secret, as hexadecimal: every seeded secret and id is derived from it. */
  secret: string;
  rows: number;
  /** The product's clock when they were made, in ms. */
  atMs: number;
  /** Where the simulated Norce lives: its accounts are named after their address. */
  norceOrigin: string;
  /** The one key that all seeded Noon accounts have: making a pair takes a tenth of a second. */
  noonKey: { privateKey: string; publicKey: string };
};

export const seedNumber = ({ secret }: Seeding): number => Number.parseInt(secret.slice(0, 8), 16) | 0;
