import { sql } from "drizzle-orm";
import { expect, it } from "vitest";
import { database } from "@/db/client";
import { merchants } from "@/db/schema";
import { useDatabase } from "@/tests/support/database";

useDatabase();

it("writes and reads", async () => {
  await database().insert(merchants).values({ id: "mer_1", name: "الأمل" });
  expect((await database().select().from(merchants))[0]?.name).toBe("الأمل");
  expect((await database().execute(sql`select 1 as one`)).rows).toEqual([{ one: 1 }]);
});
