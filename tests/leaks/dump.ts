import pg from "pg";

type CopyQuery = pg.Query & { handleCopyData: (message: { chunk: Buffer }) => void };

/** Every table of the database, the server's own included, as COPY writes it: by name. `url` must be a superuser's. */
export async function dump(url: string): Promise<Map<string, Buffer>> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string; rows: boolean }>(
      `select c.oid::regclass::text as name, c.relkind in ('v', 'm') as rows from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where (c.relkind = 'r' or c.relname in ('pg_stat_activity', 'pg_settings')) and n.nspname <> 'information_schema' order by 1`,
    );
    const tables = new Map<string, Buffer>();
    for (const { name, rows: view } of rows) tables.set(name, await copy(client, view ? `(select * from ${name})` : name));
    return tables;
  } finally {
    await client.end();
  }
}

function copy(client: pg.Client, from: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  // The driver hands COPY's data to a method that it leaves empty.
  const query = new pg.Query(`copy ${from} to stdout`) as CopyQuery;
  query.handleCopyData = ({ chunk }) => chunks.push(chunk);
  return new Promise((resolve, reject) => {
    query.once("end", () => resolve(Buffer.concat(chunks)));
    query.once("error", reject);
    client.query(query);
  });
}
