import { sql } from "drizzle-orm";
import { beforeEach, describe, expect, it, test } from "vitest";
import { database } from "@/db/client";
import { addDestination } from "@/lib/alerts/add-destination";
import { changeRules } from "@/lib/alerts/change-rules";
import { deliveryLog } from "@/lib/alerts/delivery-log";
import { enableDestination } from "@/lib/alerts/enable-destination";
import { removeDestination } from "@/lib/alerts/remove-destination";
import { rotateSecret } from "@/lib/alerts/rotate-secret";
import { sendAgain } from "@/lib/alerts/send-again";
import { sendTest } from "@/lib/alerts/send-test";
import { showAlerts } from "@/lib/alerts/show-alerts";
import { watch } from "@/lib/alerts/watch";
import type { Actor } from "@/lib/auth/actor";
import { resetClock } from "@/tests/auth/people";
import { setEnv, useEnv } from "@/tests/auth/set-env";
import { keepSecret } from "@/tests/leaks/run-folder";
import { useDatabase } from "@/tests/support/database";
import { empty } from "@/tests/support/empty";
import { aMerchant, staff } from "@/tests/support/journey";
import { BASE_URL, platforms } from "@/tests/support/platforms";
import { emptyAlerts, messages, stores, told } from "./scene";

useEnv({ LATCHKEY_URL: BASE_URL });
useDatabase();
platforms();

beforeEach(async () => {
  await resetClock();
  await emptyAlerts();
});

const add = async (actor: Actor, kind: string, address: string, locale = "en") => {
  const made = await addDestination(actor, { kind, address, locale });
  if (made.secret) keepSecret("webhook secret", made.secret);
  return made;
};
const lastEvent = async () => {
  const rows = await database().execute<{ kind: string; actor_name: string; facts: Record<string, unknown> }>(
    sql`select kind, actor_name, facts from events order by id desc limit 1`,
  );
  return rows.rows[0];
};

describe("adding a destination", () => {
  it("an address as people type it; told of everything at first; without any secret", async () => {
    const admin = await staff("admin");
    const { id, secret } = await add(admin, "email", " Ops@Company.example ", "ar");
    expect(secret).toBeNull();
    const { destinations } = await showAlerts(admin, "en");
    expect(destinations).toMatchObject([{ id, kind: "email", address: "ops@company.example", locale: "ar", off: false, twoUntil: null }]);
    expect(destinations[0]?.rules.every(({ enabled }) => enabled)).toBe(true);
    expect(await lastEvent()).toMatchObject({
      kind: "alert.destination_added",
      actor_name: "admin",
      facts: { destination: id, channel: "email", to: "ops@company.example" },
    });
  });

  it("a webhook's secret is given out once: in no view, no event, no log", async () => {
    const admin = await staff("admin");
    const { id, secret } = await add(admin, "webhook", "https://receiver.example/hook/T0P-path");
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    const second = keepSecret("webhook secret", await rotateSecret(admin, id));
    expect(second).not.toBe(secret);
    const shown = await showAlerts(admin, "en");
    expect(shown.destinations[0]?.twoUntil).toBeInstanceOf(Date);
    const events = await database().execute(sql`select * from events`);
    await sendTest(admin, id, async () => new Response(null, { status: 204 }));
    const log = await deliveryLog(admin, undefined, "en");
    expect(log.rows).toMatchObject([{ to: "receiver.example", status: "delivered", lastResult: "204", tries: 1, nextAt: null }]);
    for (const text of [JSON.stringify(shown), JSON.stringify(events.rows), JSON.stringify(log)])
      for (const hidden of [secret?.slice(6), second.slice(6)]) expect(text).not.toContain(hidden);
    expect(JSON.stringify(events.rows)).not.toContain("T0P-path");
  });

  it.each([
    ["email", "ops", "email"],
    ["email", "", "email"],
    ["email", "https://receiver.example", "email"],
    ["webhook", "ops@company.example", "url"],
    ["webhook", "http://receiver.example/hook", "url"],
    ["webhook", "https://user:pass@receiver.example/hook", "url"],
    ["webhook", "https://receiver.example:22/hook", "url"],
    ["webhook", "https://127.0.0.1/hook", "url"],
    ["webhook", "https://[::1]/hook", "url"],
    ["webhook", "https://169.254.169.254/latest", "url"],
    ["webhook", "https://10.0.0.7/hook", "url"],
    ["webhook", "javascript:alert(1)", "url"],
    ["pigeon", "https://receiver.example/hook", "input"],
  ])("%s %s is refused: %s", async (kind, address, code) => {
    await expect(add(await staff("admin"), kind, address)).rejects.toMatchObject({ code, status: 422 });
    expect((await showAlerts(await staff("admin"), "en")).destinations).toEqual([]);
  });

  it("once: the second of two at once is refused; after a removal it may come again", async () => {
    const admin = await staff("admin");
    const both = await Promise.allSettled([1, 2].map(() => add(admin, "webhook", "https://receiver.example/hook")));
    const refused = both.filter(({ status }) => status === "rejected") as PromiseRejectedResult[];
    expect(refused.map(({ reason }) => reason.code)).toEqual(["already_there"]);
    const [{ id = "" } = {}] = (await showAlerts(admin, "en")).destinations;
    await removeDestination(admin, id);
    expect((await lastEvent())?.kind).toBe("alert.destination_removed");
    await add(admin, "webhook", "https://receiver.example/hook");
  });
});

describe("rules", () => {
  it("keep what was chosen, each change with an event of its own", async () => {
    const { admin, id } = await told({ needs_reconnect: 1, point_of_no_return: 7, renewal_late: 1, incident: 1, worker_silent: 2 });
    await empty("events");
    await changeRules(admin, {
      destinationId: id,
      rules: {
        needs_reconnect: { enabled: true, threshold: "50" },
        incident: { enabled: false },
        renewal_late: { enabled: true, threshold: "1" },
      },
    });
    const rules = Object.fromEntries((await showAlerts(admin, "en")).destinations[0]?.rules.map(({ kind, ...rule }) => [kind, rule]) ?? []);
    expect(rules).toMatchObject({
      needs_reconnect: { enabled: true, threshold: 50 },
      incident: { enabled: false },
      renewal_late: { enabled: true, threshold: 1 },
      point_of_no_return: { enabled: true, threshold: 7 },
    });
    const events = await database().execute<{ about: string }>(
      sql`select facts->>'about' as about from events where kind = 'alert.rule_changed' order by id`,
    );
    expect(events.rows.map(({ about }) => about)).toEqual(["needs_reconnect", "incident"]);
  });

  it.each(["0", "-1", "1.5", "", " ", "ten", "1e3", "100000000"])("refuse %j as a number, and change nothing", async (threshold) => {
    const { admin, id } = await told({ needs_reconnect: 1 });
    const rules = { renewal_late: { enabled: true, threshold: "5" }, needs_reconnect: { enabled: true, threshold } };
    await expect(changeRules(admin, { destinationId: id, rules })).rejects.toMatchObject({ code: "threshold", status: 422 });
    const shown = (await showAlerts(admin, "en")).destinations[0]?.rules.find(({ kind }) => kind === "renewal_late");
    expect(shown).toMatchObject({ enabled: false, threshold: 1 });
  });
});

it("what is open is told in the reader's language, and leads to where it can be seen", async () => {
  const { admin } = await told({ renewal_late: 1 });
  await stores(3, { state: "renewal_late" });
  await watch();
  const [en, ar] = [await showAlerts(admin, "en"), await showAlerts(admin, "ar")];
  expect(en.open).toMatchObject([{ headline: "Square: 3 renewals are late", path: "/support?state=renewal_late&offer=square" }]);
  expect(ar.open[0]?.headline).toContain("3 تجديدات متأخرة");
  expect((await deliveryLog(admin, undefined, "ar")).rows[0]?.headline).toContain("3 تجديدات متأخرة");
});

it("the log has pages, the newest first, none twice and none left out", async () => {
  setEnv({ NODE_ENV: "production" });
  const { admin, id } = await told({});
  for (let count = 0; count < 7; count += 1) await sendTest(admin, id);
  setEnv({ NODE_ENV: "test" });
  const seen: string[] = [];
  let after: string | null = null;
  do {
    const page = await deliveryLog(admin, after, "en", 3);
    expect(page.isFirst).toBe(after === null);
    seen.push(...page.rows.map((row) => row.id));
    after = page.after;
  } while (after);
  expect(seen).toEqual((await messages()).map((row) => row.id).reverse());
});

describe("who may", () => {
  const acts: Record<string, (actor: Actor) => Promise<unknown>> = {
    look: (actor) => showAlerts(actor, "en"),
    "read the log": (actor) => deliveryLog(actor, undefined, "en"),
    add: (actor) => addDestination(actor, { kind: "email", address: "ops@company.example", locale: "en" }),
    remove: (actor) => removeDestination(actor, "dst_1"),
    rotate: (actor) => rotateSecret(actor, "dst_1"),
    enable: (actor) => enableDestination(actor, "dst_1"),
    "change rules": (actor) => changeRules(actor, { destinationId: "dst_1", rules: {} }),
    test: (actor) => sendTest(actor, "dst_1"),
    "send again": (actor) => sendAgain(actor, "msg_1"),
  };

  test.each(Object.keys(acts))("%s: admins only", async (name) => {
    for (const actor of [await aMerchant(`Shop ${name}`), await staff("support")])
      await expect(acts[name]?.(actor)).rejects.toMatchObject({ status: 403 });
  });

  test.each(["remove", "rotate", "enable", "change rules", "test", "send again"])("%s what is not there: 404", async (name) => {
    await expect(acts[name]?.(await staff("admin"))).rejects.toMatchObject({ status: 404 });
  });

  test("an e-mail has no secret to be made anew", async () => {
    const { admin, id } = await told({});
    await expect(rotateSecret(admin, id)).rejects.toMatchObject({ status: 404 });
  });
});
