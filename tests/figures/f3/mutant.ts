import pg from "pg";

const LEASE = /\("connections"\."lease_until" is null or "connections"\."lease_until" <= app_now\(\)\)/g;
const DOUBT = /\("connections"\."sent_at" is null or "connections"\."sent_at" <= app_now\(\) - make_interval\(secs => (\$\d+)\)\)/g;
const FENCE = /"connections"\."lease_id" = (\$\d+) and "connections"\."epoch" = (\$\d+)/g;

// A number that is handed over must still be one.
const unasked = (text: string) => text.replace(DOUBT, "($1::int is not null)");
const unfenced = (text: string) => text.replace(FENCE, "($1::text is not null and $2::int is not null)");

/** What a claim asks for, and the fence behind it, no longer asked for: the statements are changed on their way out. */
const ways: Record<string, (text: string) => string> = {
  "no-lease": (text) => unasked(text.replace(LEASE, "true")),
  "no-doubt": unasked,
  "endless-lease": (text) => text.replace(LEASE, `("connections"."lease_until" is null)`),
  "no-fence": (text) => unfenced(text.replace(LEASE, "true")),
};

// Loaded before anything else of a process that is to show what its guards are for.
const way = ways[process.env.FIGURE_MUTANT ?? ""];
if (!way) throw new Error(`There is no mutant ${process.env.FIGURE_MUTANT}`);
const query = pg.Client.prototype.query as (...values: unknown[]) => unknown;
let changed = 0;
pg.Client.prototype.query = function (this: pg.Client, first: unknown, ...rest: unknown[]) {
  const text = typeof first === "string" ? first : ((first as { text?: string } | null)?.text ?? "");
  const other = way(text);
  if (other === text) return query.call(this, first, ...rest);
  changed += 1;
  if (changed === 1) process.send?.("changed");
  return query.call(this, typeof first === "string" ? other : { ...(first as object), text: other }, ...rest);
} as typeof pg.Client.prototype.query;
