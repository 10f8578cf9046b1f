import pg from "pg";

/** What the command asks for and no longer is asked: its statements are changed on their way out. */
const ways: Record<string, (text: string) => string> = {
  "no-comparison": (text) => text.replace(/ and t\."\w+" = fresh\.seen/, ""),
  "no-rings": (text) => text.replace(/(from "key_rings" where )/, "$1false and "),
  "no-census": (text) => text.replace(/(split_part\("\w+", '\.', 2\) = )(\$\d+)/, "$1'no ' || $2"),
};

// Loaded before anything else of a command that is to show what its guards are for.
const way = ways[process.env.FIGURE_MUTANT ?? ""];
if (!way) throw new Error(`There is no mutant ${process.env.FIGURE_MUTANT}`);
const query = pg.Client.prototype.query as (...values: unknown[]) => unknown;
pg.Client.prototype.query = function (this: pg.Client, first: unknown, ...rest: unknown[]) {
  const text = typeof first === "string" ? first : ((first as { text?: string } | null)?.text ?? "");
  const other = way(text);
  if (other === text) return query.call(this, first, ...rest);
  process.stderr.write("mutated\n");
  return query.call(this, typeof first === "string" ? other : { ...(first as object), text: other }, ...rest);
} as typeof pg.Client.prototype.query;
