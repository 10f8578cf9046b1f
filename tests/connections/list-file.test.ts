import { sql } from "drizzle-orm";
import { beforeAll, describe, expect, it } from "vitest";
import { database } from "@/db/client";
import type { UserActor } from "@/lib/auth/actor";
import { exportList } from "@/lib/connections/export-list";
import { search } from "@/lib/connections/search";
import { forgetView } from "@/lib/views/forget-view";
import { listViews } from "@/lib/views/list-views";
import { MOST_VIEWS, saveView } from "@/lib/views/save-view";
import { useEnv } from "@/tests/auth/set-env";
import { useDatabase } from "@/tests/support/database";
import { aMerchant, connected, staff } from "@/tests/support/journey";
import { BASE_URL, platforms } from "@/tests/support/platforms";

useEnv({ LATCHKEY_URL: BASE_URL });
useDatabase();
const at = platforms();
let [mona, sara, omar] = [] as unknown as [UserActor, UserActor, UserActor];

beforeAll(async () => {
  [mona, sara, omar] = [await aMerchant("مكتبة الأمل"), await staff("support"), await staff("admin")];
});

const fileOf = async (lines: AsyncGenerator<string>) => (await Array.fromAsync(lines)).join("");
const told = async (kind: string) =>
  (await database().execute(sql`select actor_id, facts from events where kind = ${kind} order by id`)).rows;

describe("S12, S15: a list as a file", () => {
  it("is UTF-8 with its mark, holds what the list shows in its order, a link that mends each, no formula and no secret", async () => {
    const square = await connected(at, mona, "square", undefined, { label: "=cmd|'/C calc'!A0" });
    const norce = await connected(at, mona, "norce", undefined, { label: "متجر, «الأول»" });
    const file = await fileOf(await exportList(sara, { sort: "updated" }));
    expect(file.startsWith("\ufeffconnection_id,store,merchant,")).toBe(true);
    const lines = file.slice(1).trim().split("\r\n").slice(1);
    expect(lines.map((line) => line.split(",")[0])).toEqual((await search(sara, { sort: "updated" })).rows.map(({ id }) => id));
    expect(file).toContain("'=cmd|'/C calc'!A0");
    expect(file).toContain('"متجر, «الأول»",مكتبة الأمل');
    expect(file).toContain(mona.email);
    for (const { id, offer } of [square, norce]) expect(file).toContain(`${BASE_URL}/connect/${offer}?connection=${id}`);
    // S12: nor does what the page itself is made from.
    expect(file + JSON.stringify(await search(sara, { sort: "updated" }))).not.toMatch(/CNRY/);
    expect(await told("list.exported")).toEqual([{ actor_id: sara.id, facts: { filter: "sort=updated" } }]);
  });

  it("is written a stretch at a time, every row once, and no more than it may hold", async () => {
    await database().execute(sql`
      insert into connections (id, merchant_id, offer, provider, environment, label, status, connected_at)
      select 'con_more' || i, ${mona.merchants[0]?.id}, 'gone', 'gone', 'production', 'Branch ' || i, 'active', app_now() from generate_series(1, 25) i`);
    const ids = (file: string) => [...file.matchAll(/^con_\w+/gm)].map(([id]) => id);
    const all = ids(await fileOf(await exportList(omar, { q: "branch" }, { stretch: 10, most: 1_000 })));
    expect(new Set(all).size).toBe(25);
    expect(all).toHaveLength(25);
    expect(ids(await fileOf(await exportList(omar, { q: "branch" }, { stretch: 10, most: 15 })))).toEqual(all.slice(0, 15));
  });

  it("is staff's alone", async () => {
    await expect(exportList(mona, {})).rejects.toMatchObject({ status: 403 });
  });
});

describe("S10: saved views", () => {
  it("are a person's own, kept in one spelling, replaced under the same name and removed again", async () => {
    await saveView(sara, { name: "  Square, broken ", query: "state=needs_reconnect&offer=square&after=0.1.con_1&nonsense=1" });
    await saveView(sara, { name: "Square, broken", query: "q=provider:square+status:revoked" });
    expect(await listViews(sara)).toEqual([
      { id: expect.stringMatching(/^view_/), name: "Square, broken", query: "state=revoked&offer=square" },
    ]);
    expect(await listViews(omar)).toEqual([]);
    const [view] = await listViews(sara);
    await forgetView(omar, view?.id ?? "");
    expect(await listViews(sara)).toHaveLength(1);
    await forgetView(sara, view?.id ?? "");
    expect(await listViews(sara)).toEqual([]);
    expect(await told("view.forgotten")).toEqual([{ actor_id: sara.id, facts: { name: "Square, broken" } }]);
  });

  it.each([
    ["name_needed", { name: "  ", query: "state=healthy" }],
    ["name_too_long", { name: "x".repeat(61), query: "state=healthy" }],
    ["nothing_asked", { name: "All", query: "" }],
  ])("say what is missing: %s", async (code, input) => {
    await expect(saveView(sara, input)).rejects.toMatchObject({ code, status: 422 });
  });

  it("are no more than a person can look over", async () => {
    for (let made = 0; made < MOST_VIEWS; made += 1) await saveView(omar, { name: `View ${made}`, query: "state=healthy" });
    await expect(saveView(omar, { name: "One more", query: "state=healthy" })).rejects.toMatchObject({ code: "too_many_views" });
    await saveView(omar, { name: "View 3", query: "state=revoked" });
    expect(await listViews(omar)).toHaveLength(MOST_VIEWS);
  });
});
