import { sql } from "drizzle-orm";
import { beforeAll, expect, it } from "vitest";
import { database } from "@/db/client";
import type { UserActor } from "@/lib/auth/actor";
import { healthReport } from "@/lib/health/health-report";
import { workerHealth } from "@/lib/health/worker-health";
import { createKey } from "@/lib/keys/create-key";
import { endKey } from "@/lib/keys/end-key";
import { replaceKey } from "@/lib/keys/replace-key";
import { showKeys } from "@/lib/keys/show-keys";
import { createLink } from "@/lib/links/create-link";
import { deleteOffer } from "@/lib/offers/delete-offer";
import { publishOffer, unpublishOffer } from "@/lib/offers/publish-offer";
import { createOffer, editOffer } from "@/lib/offers/save-offer";
import { useDatabase } from "@/tests/support/database";
import { aMerchant, staff } from "@/tests/support/journey";

useDatabase();
let others: UserActor[];

beforeAll(async () => {
  others = [await staff("support"), await aMerchant("Nile Books")];
});

// The pages ask before these are called: whoever calls them all the same is refused by the verb itself.
const verbs: Record<string, (actor: UserActor) => Promise<unknown>> = {
  "make a key": (actor) => createKey(actor, { name: "mine", scopes: ["access:read"] }),
  "end a key": (actor) => endKey(actor, "key_1", "orders"),
  "replace a key": (actor) => replaceKey(actor, { keyId: "key_1" }),
  "see the keys": (actor) => showKeys(actor),
  "make a platform": (actor) => createOffer(actor, { slug: "mine" }),
  "edit a platform": (actor) => editOffer(actor, "mine", {}),
  "publish a platform": (actor) => publishOffer(actor, "mine", true),
  "take a platform back": (actor) => unpublishOffer(actor, "mine"),
  "delete a platform": (actor) => deleteOffer(actor, "mine", "mine"),
  "read the health report": (actor) => healthReport(actor, {}, "UTC"),
  "read about the worker": (actor) => workerHealth(actor),
};

it.each(Object.keys(verbs))("nobody but an admin may %s, whatever led there, and nothing is changed", async (name) => {
  for (const actor of others) await expect((async () => verbs[name]?.(actor))()).rejects.toMatchObject({ code: "forbidden", status: 403 });
  const changed = await database().execute(sql`select kind from events where kind <> 'access.denied'`);
  expect(changed.rows).toEqual([]);
});

it("a merchant makes no link, into their own shop neither, and no merchant by one", async () => {
  const mona = await aMerchant("Delta Toys");
  for (const merchant of [{ id: mona.merchants[0]?.id }, { externalId: "EXT-1", name: "Another" }])
    await expect(createLink(mona, { merchant })).rejects.toMatchObject({ code: "forbidden", status: 403 });
  expect((await database().execute(sql`select id from connect_links`)).rows).toEqual([]);
  expect((await database().execute(sql`select id from merchants where external_id is not null`)).rows).toEqual([]);
});
