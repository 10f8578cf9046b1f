import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { claimConnection, releaseLease } from "@/db/claims";
import { database, transaction } from "@/db/client";
import { findConnection } from "@/db/connections";
import { dueDeliveries } from "@/db/deliveries";
import { openIncident } from "@/db/incidents";
import { setDisabled } from "@/db/users";
import { makeDefaults } from "@/lib/alerts/make-defaults";
import { tellOwners } from "@/lib/alerts/tell-owners";
import { watch } from "@/lib/alerts/watch";
import { worker } from "@/lib/auth/actor";
import { demote } from "@/lib/connections/demote";
import { restate } from "@/lib/connections/restate";
import { deliver } from "@/lib/deliveries/deliver";
import { eventKinds, moveClock, resetClock } from "@/tests/auth/people";
import { setEnv, useEnv } from "@/tests/auth/set-env";
import { useDatabase } from "@/tests/support/database";
import { aMerchant, connected, staff } from "@/tests/support/journey";
import { type MailServer, startMailServer } from "@/tests/support/mail-server";
import { BASE_URL, platforms } from "@/tests/support/platforms";
import { emptyAlerts, messages, told } from "./scene";

const PASSWORD = "CNRY-smtp";

useEnv({ LATCHKEY_URL: BASE_URL });
useDatabase();
const at = platforms();
let mail: MailServer;
let read = 0;

beforeAll(async () => {
  mail = await startMailServer("latchkey", PASSWORD);
  setEnv({ SMTP_URL: `smtp://latchkey:${PASSWORD}@127.0.0.1:${mail.port}`, MAIL_FROM: "Latchkey <hub@latchkey.example>" });
});
afterAll(async () => {
  setEnv({ SMTP_URL: undefined, MAIL_FROM: undefined });
  await mail.close();
});
beforeEach(async () => {
  await resetClock();
  await emptyAlerts();
  read = mail.mails.length;
  // Platforms keep the same time.
  await moveClock("12 hours");
  at.skew.ms = 43_200_000;
});

/** A store that its owner must look after within days, as the states themselves come to say. */
async function endingSoon() {
  const mona = await aMerchant(`Shop ${crypto.randomUUID().slice(0, 6)}`);
  const row = await connected(at, mona, "noon");
  await database().execute(sql`update connections set renewable_until = app_now() + interval '2 days' where id = ${row.id}`);
  await restate();
  return { mona, id: row.id };
}

const stateOf = async (id: string) => (await findConnection(database(), id))?.state;
async function deliverAll(): Promise<void> {
  for (const id of await dueDeliveries(database(), 100)) await deliver(id);
}

describe("a state that only passes", () => {
  it("begins no new need: a store that ends soon is told of once, however often somebody renews or fails to", async () => {
    const { id } = await endingSoon();
    for (let turn = 0; turn < 4; turn += 1) {
      const held = await claimConnection(database(), id, `lease_${turn}`, 30, 120, ["active"]);
      expect(held).not.toBeNull();
      await restate();
      expect(await stateOf(id)).toBe("renewing");
      await tellOwners();
      await deliverAll();
      await releaseLease(database(), id, `lease_${turn}`);
      await database().execute(sql`update connections set failures = ${turn}, first_failure_at = app_now() where id = ${id}`);
      await restate();
      await tellOwners();
      await database().execute(sql`update connections set failures = 0, first_failure_at = null where id = ${id}`);
      await restate();
      expect(await stateOf(id)).toBe("expiring_soon");
      await tellOwners();
      await moveClock("31 seconds");
      await deliverAll();
    }
    expect((await messages()).map(({ kind, status }) => [kind, status])).toEqual([["store_needs_you", "delivered"]]);
    expect(mail.mails.length - read).toBe(1);
  });
});

describe("a store that was to end soon, and is refused on another day", () => {
  it("is told of as one that needs a reconnect", async () => {
    await told({ needs_reconnect: 1 });
    const { id } = await endingSoon();
    await moveClock("26 hours");
    await restate();
    const row = await findConnection(database(), id);
    if (row) expect(await demote(worker, row, { code: "access_removed" })).toBe("demoted");
    await restate();
    await watch();
    expect((await messages()).map(({ kind, facts }) => [kind, facts.about, facts.count])).toEqual([["alert.opened", "needs_reconnect", 1]]);
  });
});

describe("several watchers", () => {
  it("never call over what stands, whenever it began", async () => {
    await told({ incident: 1 });
    for (let round = 0; round < 12; round += 1) {
      await Promise.all([watch(), transaction((tx) => openIncident(tx, `offer-${round}`, "invalid_client")).then(() => watch()), watch()]);
    }
    await watch();
    const kinds = await eventKinds();
    expect(kinds.filter((kind) => kind === "alert.opened")).toHaveLength(12);
    expect(kinds.filter((kind) => kind === "alert.closed")).toEqual([]);
  });
});

describe("an admin who is told because of being one", () => {
  it("is not, once it is over", async () => {
    const [omar, lina] = [await staff("admin"), await staff("admin")];
    await makeDefaults();
    await transaction((tx) => setDisabled(tx, omar.id, true));
    await transaction((tx) => openIncident(tx, "square", "invalid_client"));
    await watch();
    await deliverAll();
    const all = (await messages()).filter(({ facts }) => facts.about === "incident");
    const outcome = Object.fromEntries(all.map(({ address, status, lastResult }) => [address, `${status} ${lastResult}`]));
    expect(outcome).toEqual({ [omar.email]: "dropped no_admin", [lina.email]: "delivered accepted" });
  });
});
