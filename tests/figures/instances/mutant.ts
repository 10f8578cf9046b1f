import pg from "pg";

type Answer = { rows: unknown[] };

const kept = new Map<string, Answer>();
const SENT = /"attempts"\."sent_at" is null and \("attempts"\."lease_until" is null or "attempts"\."lease_until" <= app_now\(\)\)/;

/** A key and a connection as they are, for whoever asks for access. */
const READING = /from \(select app_now\(\) as now offset 0\) clock/;

/** Guards of an instance that are switched off: what a statement becomes, or whose answer is kept in its place. */
const ways: Record<string, { change?: (text: string) => string; keeps?: RegExp; waitsMs?: number }> = {
  "code-sent-twice": { change: (text) => text.replace(SENT, "true") },
  "slow-reading": { waitsMs: 40 },
  "served-from-memory": { keeps: READING },
};

// Loaded before anything else of an instance that is to show what its guards are for.
const way = ways[process.env.FIGURE_MUTANT ?? ""];
if (!way) throw new Error(`There is no mutant ${process.env.FIGURE_MUTANT}`);
const query = pg.Client.prototype.query as (...values: unknown[]) => unknown;
pg.Client.prototype.query = function (this: pg.Client, first: unknown, ...rest: unknown[]) {
  const asked = first as { text?: string; values?: unknown[] } | string | null;
  const text = typeof asked === "string" ? asked : (asked?.text ?? "");
  if (way.keeps?.test(text) && typeof rest.at(-1) !== "function") {
    const values = JSON.stringify(typeof asked === "string" ? rest[0] : asked?.values);
    const answer = kept.get(values);
    if (answer) return Promise.resolve(answer);
    return (query.call(this, first, ...rest) as Promise<Answer>).then((found) => {
      kept.set(values, found);
      return found;
    });
  }
  if (way.waitsMs !== undefined && READING.test(text))
    return new Promise((resolve) => setTimeout(resolve, way.waitsMs)).then(() => query.call(this, first, ...rest));
  const other = way.change?.(text) ?? text;
  return query.call(this, typeof first === "string" ? other : { ...(first as object), text: other }, ...rest);
} as typeof pg.Client.prototype.query;
