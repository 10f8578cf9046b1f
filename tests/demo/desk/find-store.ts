import { randomInt } from "node:crypto";
import { sql } from "drizzle-orm";
import { database } from "@/db/client";
import type { Slug } from "@/tests/demo/seeding/plan";

export type FoundStore = { id: string; accountId: string; name: string };

const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
const LONGEST = 200;

/** A working store of that platform: the one whose id or name was given, or any. */
export async function findStore(slug: Slug, wanted: string): Promise<FoundStore | null> {
  const text = wanted.trim().slice(0, LONGEST);
  const working = sql`offer = ${slug} and status = 'active' and account_id is not null`;
  const select = sql`select id, account_id as "accountId", coalesce(label, account_label, account_id) as name from connections`;
  const like = `%${text.replace(/[\\%_]/g, "\\$&")}%`;
  const from = `con_${Array.from({ length: 6 }, () => ALPHABET[randomInt(ALPHABET.length)]).join("")}`;
  const asked = text
    ? [
        sql`${select} where ${working} and id = ${text}`,
        sql`${select} where ${working} and (label ilike ${like} or account_label ilike ${like}) limit 1`,
      ]
    : [
        sql`${select} where ${working} and state = 'healthy' and id >= ${from} order by id limit 1`,
        sql`${select} where ${working} and state = 'healthy' order by id limit 1`,
      ];
  for (const query of asked) {
    const [found] = (await database().execute<FoundStore>(query)).rows;
    if (found) return found;
  }
  return null;
}
