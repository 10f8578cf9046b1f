import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, type Page } from "@playwright/test";
import { findPlace } from "@/db/embedded/place";
import { readPassword } from "@/db/embedded/server";
import { newId } from "@/db/new-id";
import { type Key, parseKeys } from "@/lib/key-ring";
import { seal } from "@/lib/vault";
import { dump } from "@/tests/leaks/dump";
import { searchAnswers, secretsOf } from "@/tests/leaks/evidence";
import type { Secret } from "@/tests/leaks/forms";
import { LeakSearch } from "@/tests/leaks/leak-search";
import { rules } from "@/tests/leaks/rules";
import { plainClient } from "@/tests/support/administer";
import { BUILD_SECRET } from "@/tests/support/watch-build";
import { breakTables } from "./support/broken-tables";
import { start } from "./support/consent";
import { crawl } from "./support/crawl";
import {
  type ConsentSlug,
  connect,
  consents,
  decide,
  fillNorce,
  goToPlatform,
  norceUser,
  outcome,
  type Slug,
  seeStore,
  signInAs,
  slugs,
  submitNorce,
} from "./support/journey";
import { actOn, bringCode, failExchanges, failPastedValues, importGrant, revokeBadly } from "./support/misfortunes";
import { setScene } from "./support/scene";
import { screens } from "./support/screens";
import type { Someone } from "./support/test";
import { test, type Watched } from "./support/watched";

const consentSlugs = Object.keys(consents) as ConsentSlug[];
type Cast = Record<"mona" | "yusuf" | "sara" | "omar", Someone>;
type Made = { stores: Record<Slug, string>; attempts: string[] };

test("no secret is in any answer, line, mail, file or table, in any encoding", async ({ watched, someone, page, browser }) => {
  test.setTimeout(300_000);
  const { url } = watched.installation;
  await signInByLink(page, watched, "mona@riyadh-shop.example");
  for (const name of ["Yusuf Karim", "Sara Lind", "Omar Nasser"]) {
    const context = await browser.newContext({ baseURL: url });
    await signInAs(await context.newPage(), name);
    await context.close();
  }
  // Without a space it stands as it is in pages, tables and the server's files: a place where it is not was not searched.
  const shop = `Shop-${randomBytes(12).toString("hex")}`;
  const cast: Cast = {
    mona: await someone("merchant", { name: shop }),
    yusuf: await someone("merchant", { name: "Jeddah Books" }),
    sara: await someone("support"),
    omar: await someone("admin"),
  };
  const made = await test.step("everything goes well, then everything goes wrong", () => live(watched, cast));
  const crawled = await test.step("every page of everybody", () => look(watched, cast, made));
  for (const [viewer, { pages, flights, statuses }] of Object.entries(crawled)) {
    expect(pages, viewer).toBeGreaterThan(viewer === "nobody" ? 8 : 40);
    expect(flights, viewer).toBeGreaterThan(viewer === "nobody" ? 4 : 12);
    expect(
      [...statuses].filter((status) => status >= 500),
      viewer,
    ).toEqual([]);
  }
  const broken = await test.step("S-50: every page and action over a broken database", () =>
    breakTables(watched.installation, cast, made.stores.noon));
  expect(broken.length).toBeGreaterThan(30);
  for (const { asked, reference } of broken) {
    expect(reference, asked).toMatch(/^(\d{6,}|[0-9a-f]{12})$/);
    expect(watched.installation.lines.filter((line) => line.includes(reference)).length, `${asked} in the log`).toBeGreaterThan(0);
  }

  const { tables, secrets, cluster } = await gather(watched, cast);
  const controls = [
    { kind: "name", value: shop },
    { kind: "attempt", value: made.attempts.at(-1) ?? "" },
    { kind: "build", value: readFileSync(".next/BUILD_ID", "utf8") },
    { kind: "address", value: "mona@riyadh-shop.example" },
  ];
  const search = new LeakSearch({ secrets, rules, controls });
  searchAnswers(search, watched.exchanges);
  for (const [index, line] of watched.installation.lines.entries()) search.content("log", `line ${index + 1}`, line);
  for (const [index, mail] of watched.mail.mails.entries()) search.content("mail", `${index + 1}`, mail);
  for (const [table, rows] of tables) search.content("dump", table, rows);
  search.folder("data directory", cluster, { packed: false });
  search.folder("working folder", watched.folder, { except: /^(?!\.latchkey\/)|^\.latchkey\/(postgres|run)\// });
  search.folder(".next", ".next");
  search.folder("dist", "dist");
  console.log(search.summary());

  expect(search.told()).toEqual([]);
  const seen = {
    answers: ["name"],
    log: ["attempt"],
    mail: ["address"],
    dump: ["name", "attempt"],
    "data directory": ["name", "attempt"],
    ".next": ["build"],
  };
  for (const [place, kinds] of Object.entries(seen))
    expect(search.missing(place, kinds), `not found in ${place}, so it was not searched`).toEqual([]);
  expect(
    rules.filter((rule) => !search.allowed.has(rule)).map(({ why }) => why),
    "rules that let nothing pass",
  ).toEqual([]);
  expect(secrets.length).toBeGreaterThan(120);
  // What was sealed at the end shows that there was something to be found.
  for (const table of ["connections", "attempts", "grants", "platform_sessions"])
    expect(tables.get(table)?.toString(), table).toContain("lk1.");
});

const tokensOf = ({ mona, yusuf, sara, omar }: Cast) => ({
  nobody: undefined,
  merchant: mona.token,
  newcomer: yusuf.token,
  support: sara.token,
  admin: omar.token,
});

async function signInByLink(page: Page, { mail, own }: Watched, email: string): Promise<void> {
  await page.goto("/sign-in?to=/connect/square");
  await page.getByLabel("E-mail address").fill(email);
  await page.getByRole("button", { name: "Send me a link" }).click();
  await expect.poll(() => mail.mails.length).toBeGreaterThan(0);
  const link = /http:\S+\/sign-in\/link\?\S+/.exec(mail.mails.at(-1) ?? "")?.[0] ?? "";
  own.keep(new URL(link).searchParams.get("token") ?? "", "token of a mailed link");
  await page.goto(link);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page).toHaveURL(/\/connect\/square$/);
}

async function live(watched: Watched, { mona, yusuf, sara, omar }: Cast): Promise<Made> {
  const { installation, own } = watched;
  const { world } = installation;
  const made: Made = { stores: {} as Made["stores"], attempts: [] };
  for (const slug of slugs) {
    await connect(mona.page, world, slug);
    made.stores[slug] = await seeStore(mona.page);
    await mona.page.getByRole("button", { name: "Test now" }).click();
    await expect(mona.page.getByText(/^It works/)).toBeVisible();
  }
  // Left on their way: one at the platform, one whose code is held.
  made.attempts.push((await start(installation, mona, "square")).attemptId, (await bringCode(watched, mona, "oauth2")).attemptId);

  for (const slug of ["square", "noon"] as const) {
    await goToPlatform(yusuf.page, slug);
    await decide(yusuf.page, "Deny");
    await expect(outcome(yusuf.page)).toHaveText(/^(You did not give permission|No permission came back)$/);
  }
  await yusuf.page.goto("/connect/norce");
  await fillNorce(yusuf.page, norceUser(world), { secret: own.canary("typed-secret") });
  await submitNorce(yusuf.page);
  await expect(yusuf.page.getByRole("alert", { name: "There is a problem" })).toBeVisible();
  await failPastedValues(watched, yusuf, own.canary("typed-secret"));
  for (const slug of consentSlugs) made.attempts.push(...(await failExchanges(watched, yusuf, slug)));

  const grants = {
    square: { access_token: world.platforms.square.issueLegacy("MLATCHKEYSIM3"), migration: "migration_token" },
    oauth2: { access_token: own.canary("typed-access"), refresh_token: own.canary("typed-refresh") },
  };
  for (const [slug, values] of Object.entries(grants)) await importGrant(watched, omar, yusuf.merchantId, slug as Slug, values);
  for (const slug of slugs) await actOn(watched, sara, slug, made.stores[slug]);
  await mona.page.goto(`/connections/${made.stores.ultracart}/disconnect`);
  await mona.page.getByRole("button", { name: /^Disconnect/ }).click();
  await expect(mona.page.getByText("Revoked", { exact: true })).toBeVisible();
  for (const slug of ["square", "oauth2"] as const) await revokeBadly(watched, sara, slug, made.stores[slug]);
  return made;
}

async function look({ installation: { url } }: Watched, cast: Cast, { stores, attempts }: Made) {
  const scene = await setScene(cast.mona);
  const ids = Object.values(stores);
  const pages = ids.flatMap((id) => [`/connections/${id}`, `/connections/${id}/disconnect`, `/support/${id}`, `/support/${id}/revoke`]);
  const objects = [...pages, ...attempts.map((id) => `/connect/result/${id}`)];
  const crawled: Record<string, Awaited<ReturnType<typeof crawl>>> = {};
  for (const [viewer, token] of Object.entries(tokensOf(cast))) {
    const theirs = screens.filter(({ as }) => as === viewer).map(({ path }) => path(scene));
    crawled[viewer] = await crawl(url, token, [...theirs, ...(token ? objects : [])]);
  }
  return crawled;
}

/** One more grant beside a store's own, since the worker may have given back by now all that there was. */
async function keepGrant(address: string, keys: readonly Key[], access: string): Promise<void> {
  const id = newId("grant");
  const client = await plainClient(address);
  try {
    const { rows } = await client.query("select id, merchant_id as merchant from connections where status = 'active' limit 1");
    const [store] = rows as { id: string; merchant: string }[];
    if (!store) throw new Error("No store is left");
    const sealed = seal(access, { table: "grants", column: "access", row: id, merchant: store.merchant }, keys);
    await client.query(
      "insert into grants (id, connection_id, merchant_id, reason, access, epoch) values ($1, $2, $3, 'candidate', $4, 0)",
      [id, store.id, store.merchant, sealed],
    );
  } finally {
    await client.end();
  }
}

/** All secrets there have been, every table, and, once everything has ended, the folder of the server's files. */
async function gather(watched: Watched, cast: Cast): Promise<{ secrets: Secret[]; tables: Map<string, Buffer>; cluster: string }> {
  const { installation, own, exchanges, folder } = watched;
  const place = await findPlace(folder);
  const password = await readPassword(place);
  const address = `postgres://postgres:${password}@localhost/latchkey?host=${encodeURIComponent(place.run)}`;
  const file = (name: string) => readFileSync(join(place.notes, name), "utf8").trim();
  await keepGrant(address, parseKeys(file("keys")).keys, own.canary("kept-access"));
  const tables = await dump(address);
  const { world } = installation;
  const ledgers = [own, world.identity, ...Object.values(world.platforms).map(({ ledger }) => ledger)];
  const secrets = [
    ...ledgers.flatMap(({ kinds }) => [...kinds].map(([value, kind]) => ({ kind, value }))),
    ...Object.values(cast).map(({ token }) => ({ kind: "session", value: token })),
    ...secretsOf(exchanges),
    { kind: "master key", value: file("keys").split(":")[1] ?? "" },
    { kind: "auth secret", value: file("auth-secret") },
    { kind: "database password", value: password },
    { kind: "secret of the build's environment", value: BUILD_SECRET },
  ];
  await watched.end();
  return { secrets, tables, cluster: place.data };
}
