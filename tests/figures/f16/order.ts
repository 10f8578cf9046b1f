/** `acknowledged`: the file that a writer tells what it was told. */
export type Ordered = { root: string; acknowledged: string; mutant: string | null };
/** `entries` and `commits`: so many, one after the other, and nothing else meanwhile. */
export type Told = "rows" | "write" | { entries: number } | { commits: number };
