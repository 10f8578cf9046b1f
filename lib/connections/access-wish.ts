import type { HeldAccess } from "@/db/access";

/** `minTtlS`: it must work that long yet; `rejected`: the generation that the platform refused, as somebody says. */
export type Wish = { minTtlS: number; rejected: number | null };

/** Whoever wants nearly all of a life, or more, would have it renewed with every call. */
const LEAST_USE_S = 60;

/**
 * Whether what is held is what is wished for. Of access that lives no longer than was wished, half of its life will do: a renewal brings no
 * more. Access whose end nobody knows is good until somebody says otherwise.
 */
export function serves({ access, leftS, lifeS, generation }: HeldAccess, { minTtlS, rejected }: Wish): boolean {
  if (access === null || generation === rejected) return false;
  if (leftS === null) return true;
  const least = lifeS !== null && minTtlS > lifeS - LEAST_USE_S ? Math.min(minTtlS, lifeS / 2) : minTtlS;
  return leftS > 0 && leftS >= least;
}
