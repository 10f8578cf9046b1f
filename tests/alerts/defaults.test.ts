import { beforeEach, describe, expect, it } from "vitest";
import { listDestinations } from "@/db/alert-destinations";
import { listRules } from "@/db/alert-rules";
import { database, transaction } from "@/db/client";
import { setDisabled } from "@/db/users";
import { everyKind } from "@/lib/alerts/alert-kinds";
import { makeDefaults } from "@/lib/alerts/make-defaults";
import { removeDestination } from "@/lib/alerts/remove-destination";
import { eventKinds, makePerson, resetClock } from "@/tests/auth/people";
import { setEnv, useEnv } from "@/tests/auth/set-env";
import { useDatabase } from "@/tests/support/database";
import { staff } from "@/tests/support/journey";
import { BASE_URL } from "@/tests/support/platforms";
import { emptyAlerts, told } from "./scene";

useEnv({ LATCHKEY_URL: BASE_URL });
useDatabase();

beforeEach(async () => {
  await resetClock();
  await emptyAlerts();
  setEnv({ NODE_ENV: "test", SMTP_URL: undefined, MAIL_FROM: undefined });
});

const addresses = async () => (await listDestinations(database())).map(({ address }) => address).sort();

describe("what admins are told of before anybody chose", () => {
  it("everything, by mail, made once by however many workers", async () => {
    const [omar, lina, gone] = [await staff("admin"), await staff("admin"), await staff("admin")];
    await transaction((tx) => setDisabled(tx, gone.id, true));
    await staff("support");
    await makePerson("mona@merchant.example", null);
    await Promise.all(Array.from({ length: 6 }, makeDefaults));
    expect(await addresses()).toEqual([omar.email, lina.email].sort());
    const rules = await listRules(database());
    expect(rules).toHaveLength(everyKind.length * 2);
    expect(rules.every(({ enabled }) => enabled)).toBe(true);
    expect(Object.fromEntries(rules.map(({ kind, threshold }) => [kind, threshold]))).toEqual({
      needs_reconnect: 1,
      point_of_no_return: 7,
      renewal_late: 1,
      incident: 1,
      worker_silent: 2,
      audit_broken: 1,
      key_worn: 1,
    });
    expect(await eventKinds()).toEqual(["alert.defaults_made"]);
  });

  it("what they remove stays removed", async () => {
    const omar = await staff("admin");
    await makeDefaults();
    for (const { id } of await listDestinations(database())) await removeDestination(omar, id);
    await makeDefaults();
    expect(await addresses()).toEqual([]);
    expect(await listRules(database())).toEqual([]);
  });

  it("nothing where somebody chose before, where nobody is an admin yet, and where no mail can be sent", async () => {
    await makeDefaults();
    expect(await addresses()).toEqual([]);
    await staff("admin");
    setEnv({ NODE_ENV: "production" });
    await makeDefaults();
    expect(await addresses()).toEqual([]);
    setEnv({ NODE_ENV: "test" });
    const hook = await told({}, "webhook");
    await makeDefaults();
    expect(await addresses()).toEqual([hook.address]);
  });
});
