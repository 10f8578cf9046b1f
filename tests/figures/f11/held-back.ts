import pg from "pg";

const REPLACES = /skip locked\)\s+update/;
const HELD_BACK_MS = 25;

// Loaded before anything else of the job: what it has read and sealed anew waits a moment, so that renewals come in between.
const query = pg.Client.prototype.query as (...values: unknown[]) => unknown;
pg.Client.prototype.query = function (this: pg.Client, ...values: unknown[]) {
  const [first] = values;
  const text = typeof first === "string" ? first : ((first as { text?: string } | null)?.text ?? "");
  if (!REPLACES.test(text)) return query.apply(this, values);
  return new Promise((resolve) => setTimeout(resolve, HELD_BACK_MS)).then(() => query.apply(this, values));
} as typeof pg.Client.prototype.query;
