import type pg from "pg";

export type CopiedTable = { name: string; columns: string[] };

/** Every table of ours with the columns that are stored, each after those that it refers to. Asked of the catalogue, so that none is forgotten. */
export async function tablesInOrder(client: pg.Client): Promise<CopiedTable[]> {
  const found = await client.query<CopiedTable & { needs: string[] }>(`
    select t.relname as name,
      array(select a.attname::text from pg_attribute a
        where a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' order by a.attnum) as columns,
      array(select r.relname::text from pg_constraint c join pg_class r on r.oid = c.confrelid
        where c.conrelid = t.oid and c.contype = 'f' and c.confrelid <> t.oid order by 1) as needs
    from pg_class t where t.relnamespace = 'public'::regnamespace and t.relkind = 'r'
      and not exists (select from pg_depend d where d.objid = t.oid and d.deptype = 'e')
    order by t.relname`);
  const byName = new Map(found.rows.map((row) => [row.name, row]));
  const ordered = new Map<string, CopiedTable>();
  const take = (name: string, below: readonly string[]): void => {
    const row = byName.get(name);
    if (!row || ordered.has(name)) return;
    if (below.includes(name)) throw new Error(`Tables refer to each other in a circle: ${[...below, name].join(", ")}`);
    for (const needed of row.needs) take(needed, [...below, name]);
    ordered.set(name, { name, columns: row.columns });
  };
  for (const name of byName.keys()) take(name, []);
  return [...ordered.values()];
}
