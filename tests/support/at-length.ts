/** How many of something: few where everything is tested at once, all of them with `LONG=1`, as the figures ask for it. */
export const atLength = (few: number, all: number): number => (process.env.LONG ? all : few);

/** So many of a list, from its first to its last and evenly between: all of them at length. */
export function someOf<T>(list: readonly T[], few: number): T[] {
  const many = Math.min(list.length, atLength(few, list.length));
  return Array.from({ length: many }, (_, nth) => list[Math.round((nth * (list.length - 1)) / Math.max(1, many - 1))] as T);
}
