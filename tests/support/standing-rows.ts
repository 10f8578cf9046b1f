import { createHash } from "node:crypto";
import { sql } from "drizzle-orm";
import { database } from "@/db/client";

/** What a process writes by itself while it stands, and what being looked at changes. */
const LIVELY =
  /^(workers|work_minutes|clock|sessions|gates|key_checks|event_seals|event_sealer|event_anchors|unsealed_events|key_rings|cause_hours|alert_(destinations|rules)|offer_version)$/;

/** Which rows count where not all do: hand-outs of keys that are gone are of before, and were only written late. */
const COUNTED: Record<string, string> = {
  events: "where actor_kind <> 'system' and kind <> 'access.denied'",
  hand_outs: "where key_id in (select id from api_keys)",
};

/** A fingerprint of the rows of each of the product's tables, to tell whether anything was done; that it was refused may be written down. */
export async function standingRows(): Promise<Record<string, string>> {
  const found = await database().execute<{ name: string }>(
    sql`select tablename as name from pg_tables where schemaname = 'public' order by 1`,
  );
  const told: Record<string, string> = {};
  for (const { name } of found.rows) {
    if (LIVELY.test(name)) continue;
    const rows = await database().execute<{ row: string }>(
      sql.raw(`select t::text as row from "${name}" t ${COUNTED[name] ?? ""} order by 1`),
    );
    told[name] = `${rows.rows.length} ${createHash("sha256")
      .update(rows.rows.map(({ row }) => row).join("\n"))
      .digest("hex")
      .slice(0, 16)}`;
  }
  return told;
}
