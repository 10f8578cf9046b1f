import { sql } from "drizzle-orm";
import { expect, it } from "vitest";
import { database } from "@/db/client";
import { folded } from "@/lib/connections/folded";
import { useDatabase } from "@/tests/support/database";

useDatabase();

it.each([
  ["الأمل", "الامل"],
  ["مكتبة", "مكتبه"],
  ["مَكْتَبَـــة الأمَل", "مكتبه الامل"],
  ["آدم إلى ٱلهدى", "ادم الي الهدي"],
  ["مؤسسة شئون", "موسسه شيون"],
  ["کتابخانه‌ی", "كتابخانهي"],
  ["متجر ٢٠٢٦ و ۱۲۳", "متجر 2026 و 123"],
  ["ﻣﻜﺘﺒﺔ", "مكتبه"],
  ["CAFÉ Crème", "cafe creme"],
  ["Ｓｈｏｐ　１２", "shop 12"],
  ["ΟΔΟΣ οδός", "οδοσ οδοσ"],
  ["İstanbul", "istanbul"],
  ["  two\t\n spaces ", "two spaces"],
  ["\u200fمتجر\u200e a", "متجر a"],
  ["mona@shop.example #7_%\\", "mona@shop.example #7_%\\"],
  ["😀 shop", "😀 shop"],
])("S3: %j is folded to %j, by the database as by ourselves", async (spelt, expected) => {
  expect(folded(spelt)).toBe(expected);
  const { rows } = await database().execute<{ text: string }>(sql`select folded(${spelt}) as text`);
  expect(rows[0]?.text).toBe(expected);
});
