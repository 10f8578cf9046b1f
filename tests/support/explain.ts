import pg from "pg";

export type Statement = { text: string; values: unknown[] };

type Plan = {
  "Node Type": string;
  "Relation Name"?: string;
  "Index Name"?: string;
  "Actual Rows": number;
  "Actual Loops": number;
  "Rows Removed by Filter"?: number;
  "Rows Removed by Index Recheck"?: number;
  Plans?: Plan[];
};

/** How a statement got at the rows of a table: each scan of it, by which index (null: by reading it whole), and the rows that it looked at. */
export type Read = { scan: string; index: string | null; rows: number };

/** What every client in this process sends while `work` runs. */
export async function sentBy(work: () => Promise<unknown>): Promise<Statement[]> {
  const sent: Statement[] = [];
  const query = pg.Client.prototype.query as (...values: unknown[]) => unknown;
  pg.Client.prototype.query = function (this: pg.Client, first: unknown, ...rest: unknown[]) {
    const config = typeof first === "string" ? { text: first } : (first as { text?: string; values?: unknown[] } | null);
    const values = Array.isArray(rest[0]) ? rest[0] : (config as { values?: unknown[] } | null)?.values;
    if (config?.text) sent.push({ text: config.text, values: values ?? [] });
    return query.call(this, first, ...rest);
  } as typeof pg.Client.prototype.query;
  try {
    await work();
  } finally {
    pg.Client.prototype.query = query as typeof pg.Client.prototype.query;
  }
  return sent;
}

/** Runs a statement and takes back what it did; resolves to how it read `table`. */
export async function readsOf(client: pg.Client, { text, values }: Statement, table: string): Promise<Read[]> {
  await client.query("begin");
  try {
    const found = await client.query(`explain (analyze, buffers, format json) ${text}`, values);
    const [top] = found.rows[0]["QUERY PLAN"] as { Plan: Plan }[];
    return top ? scans(top.Plan, table) : [];
  } finally {
    await client.query("rollback");
  }
}

/** The indexes whose bitmaps a scan of the heap went by. */
function bitmaps(plan: Plan): string[] {
  return (plan.Plans ?? []).flatMap((part) => part["Index Name"] ?? bitmaps(part));
}

function scans(plan: Plan, table: string): Read[] {
  const below = (plan.Plans ?? []).flatMap((part) => scans(part, table));
  // The index under a bitmap is told apart from the heap above it; the heap has the table's name.
  const own = plan["Relation Name"] === table && /Scan$/.test(plan["Node Type"]);
  if (!own) return below;
  const removed = (plan["Rows Removed by Filter"] ?? 0) + (plan["Rows Removed by Index Recheck"] ?? 0);
  const rows = Math.round((plan["Actual Rows"] + removed) * plan["Actual Loops"]);
  return [{ scan: plan["Node Type"], index: plan["Index Name"] ?? (bitmaps(plan).join(" and ") || null), rows }, ...below];
}
