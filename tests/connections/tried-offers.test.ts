import { sql } from "drizzle-orm";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { database } from "@/db/client";
import type { UserActor } from "@/lib/auth/actor";
import { receiveAnswer } from "@/lib/connections/receive-answer";
import { beginTry } from "@/lib/offers/begin-try";
import { carryOutTry } from "@/lib/offers/carry-out-try";
import { publishOffer } from "@/lib/offers/publish-offer";
import { editOffer } from "@/lib/offers/save-offer";
import { showOffer } from "@/lib/offers/show-offers";
import { showTry } from "@/lib/offers/show-try";
import { moveClock, resetClock } from "@/tests/auth/people";
import { useEnv } from "@/tests/auth/set-env";
import { approveAt } from "@/tests/providers/worlds/approve-at";
import { useDatabase } from "@/tests/support/database";
import { empty } from "@/tests/support/empty";
import { withHarbor } from "@/tests/support/harbor";
import { aMerchant, connected, staff } from "@/tests/support/journey";
import { BASE_URL } from "@/tests/support/platforms";
import { sweep } from "@/tests/support/sweep";

useEnv({ LATCHKEY_URL: BASE_URL });
useDatabase();

let world = withHarbor();
beforeEach(async () => {
  world = withHarbor();
  await empty("offers", "offer_pauses", "offer_minutes", "offer_tries", "connections", "attempts", "gates", "incidents", "events");
});
afterEach(resetClock);

/** To the answer; the callback has kept it and sent nothing. */
async function answered(admin: UserActor, slug = "harbor", decision: "approve" | "deny" = "approve") {
  const simulator = slug === "harbor" ? world.harbor : world.at.simulators.square;
  const begun = await beginTry(admin, slug, "en", world.at.open);
  const query = await approveAt(simulator, begun.url, undefined, decision);
  const cookie = (id: string) => (id === begun.attemptId ? begun.browserSecret : undefined);
  const received = await receiveAnswer(slug, query, cookie, admin);
  return { id: begun.attemptId, query, cookie, received };
}
const steps = async (admin: UserActor, id: string, slug = "harbor") =>
  (await showTry(admin, slug, id)).steps.map(({ step, result, code }) => `${step} ${result}${code ? ` ${code}` : ""}`);
/** Every secret of a dry run that the database still holds, and all that merchants could see of it. */
async function leftOver() {
  const held = await database().execute<{ n: number }>(
    sql`select count(*)::int as n from offer_tries where coalesce(verifier, answer, access, renewal) is not null`,
  );
  const rows = await database().execute<{ n: number }>(
    sql`select (select count(*) from connections)::int + (select count(*) from attempts)::int as n`,
  );
  return { secrets: held.rows[0]?.n, rows: rows.rows[0]?.n, living: world.harbor.living().length };
}
const NOTHING = { secrets: 0, rows: 0, living: 0 };

describe("A10: a dry run with an admin's own account", () => {
  it("A10: takes the code, renews, proves, gives back, and leaves nothing anywhere; then it may be published", async () => {
    const admin = await staff("admin");
    await world.add(admin);
    const { id, received, query, cookie } = await answered(admin);
    expect(received).toEqual({ kind: "tried", tryId: id });
    await carryOutTry(admin, id, world.at.open);
    await carryOutTry(admin, id, world.at.open);
    expect(await steps(admin, id)).toEqual(["consent good", "exchange good", "renew good", "prove good", "revoke good"]);
    expect(await leftOver()).toEqual(NOTHING);
    expect(world.harbor.ledger.calls.filter(({ name }) => /token/.test(name)).map(({ name }) => name)).toHaveLength(2);
    // The way back once more changes nothing.
    expect(await receiveAnswer("harbor", query, cookie, admin)).toEqual(received);
    expect((await showOffer(admin, "harbor")).proved).toEqual({ at: expect.any(Date) });
    await publishOffer(admin, "harbor");
    expect(await showOffer(admin, "harbor")).toMatchObject({ status: "published" });
    await editOffer(admin, "harbor", { ...world.form, scopes: "openid" });
    expect((await showOffer(admin, "harbor")).proved).toBeNull();
  });

  it("A10: names the step that goes wrong, and gives back what was issued before it; our own refused client is no incident", async () => {
    const admin = await staff("admin");
    await world.add(admin, { clientSecret: "CNRY-wrong" });
    const wrong = await answered(admin);
    await carryOutTry(admin, wrong.id, world.at.open);
    expect(await steps(admin, wrong.id)).toEqual(["consent good", "exchange bad invalid_client"]);
    expect((await showOffer(admin, "harbor")).incident).toBeNull();
    expect((await showOffer(admin, "harbor")).proved).toBeNull();
    await empty("offers");
    await world.add(admin, { testUrl: "https://harbor.test/nothing-here" });
    const unproved = await answered(admin);
    await carryOutTry(admin, unproved.id, world.at.open);
    expect((await steps(admin, unproved.id)).slice(0, 3)).toEqual(["consent good", "exchange good", "renew good"]);
    expect((await steps(admin, unproved.id)).slice(3)).toEqual([expect.stringMatching(/^prove bad /), "revoke good"]);
    expect(await leftOver()).toEqual(NOTHING);
    const denied = await answered(admin, "harbor", "deny");
    expect(await steps(admin, denied.id)).toEqual(["consent bad denied"]);
  });

  it("A10: what its process left behind is given back and erased by the next one", async () => {
    const admin = await staff("admin");
    await world.add(admin);
    const left = await answered(admin);
    await moveClock("11 minutes");
    await sweep(world.at.open);
    expect(await steps(admin, left.id)).toEqual(["consent bad timed_out"]);
    const { id } = await answered(admin);
    world.harbor.switches.noIntrospection = true;
    const dying: typeof world.at.open = async (offer, context) => {
      const io = await world.at.open(offer, context);
      return {
        ...io,
        fetch: async (url, init) => {
          if (url.includes("userinfo")) throw new TypeError("The process dies here");
          return io.fetch(url, init);
        },
      };
    };
    await expect(carryOutTry(admin, id, dying)).rejects.toThrow();
    expect((await leftOver()).secrets).toBe(1);
    await moveClock("31 seconds");
    await sweep(world.at.open);
    expect(await steps(admin, id)).toContain("prove bad interrupted");
    expect(await leftOver()).toEqual(NOTHING);
  });

  it("A10: belongs to the admin and the browser that began it", async () => {
    const [admin, another] = [await staff("admin"), await staff("admin")];
    await world.add(admin);
    const begun = await beginTry(admin, "harbor", "en", world.at.open);
    const query = await approveAt(world.harbor, begun.url);
    const cookie = () => begun.browserSecret;
    expect(await receiveAnswer("harbor", query, () => undefined, admin)).toEqual({ kind: "stranger" });
    expect(await receiveAnswer("harbor", query, () => "another", admin)).toEqual({ kind: "stranger" });
    expect(await receiveAnswer("harbor", query, cookie, another)).toEqual({ kind: "stranger" });
    expect(await receiveAnswer("square", query, cookie, admin)).toEqual({ kind: "stranger" });
    await receiveAnswer("harbor", query, cookie, admin);
    await expect(carryOutTry(another, begun.attemptId, world.at.open)).rejects.toMatchObject({ status: 404 });
    await expect(showTry(another, "harbor", begun.attemptId)).rejects.toMatchObject({ status: 404 });
    await expect(beginTry(await aMerchant("Curious"), "harbor", "en", world.at.open)).rejects.toMatchObject({ status: 403 });
  });

  it("A10: of a platform whose revocation ends an account's other grants, ends the one token alone", async () => {
    const admin = await staff("admin");
    const { id: live } = await connected(world.at, await aMerchant("Live"), "square");
    const { id } = await answered(admin, "square");
    await carryOutTry(admin, id, world.at.open);
    expect(await steps(admin, id, "square")).toContain("revoke good");
    await database().execute(sql`update connections set next_proof_at = app_now() where id = ${live}`);
    await sweep(world.at.open);
    const [row] = (await database().execute<{ status: string }>(sql`select status from connections where id = ${live}`)).rows;
    expect(row?.status).toBe("active");
  });
});
