import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { sql } from "drizzle-orm";
import { beforeAll, describe, expect, it } from "vitest";
import { database } from "@/db/client";
import { type Connection, findCandidates, findConnection } from "@/db/connections";
import { newId } from "@/db/new-id";
import type { Sealed } from "@/db/sealed";
import { addDestination } from "@/lib/alerts/add-destination";
import { rotateSecret } from "@/lib/alerts/rotate-secret";
import type { UserActor } from "@/lib/auth/actor";
import { checkKeys, markKeys } from "@/lib/check-keys";
import { exchange } from "@/lib/connections/exchange";
import { receiveAnswer } from "@/lib/connections/receive-answer";
import { renew } from "@/lib/connections/renew";
import { openCandidate, openGrant } from "@/lib/connections/sealed-grant";
import { env } from "@/lib/env";
import { type Place, seal, unseal, VaultError } from "@/lib/vault";
import { useEnv } from "@/tests/auth/set-env";
import { keepSecret } from "@/tests/leaks/run-folder";
import { useDatabase } from "@/tests/support/database";
import { aMerchant, approve, attemptOf, connected, staff, start } from "@/tests/support/journey";
import { BASE_URL, platforms } from "@/tests/support/platforms";
import { type SealedValue, sealedColumns, sealedValues } from "@/tests/support/sealed-columns";
import { sealOffer } from "@/tests/support/sealed-offers";

useEnv({ LATCHKEY_URL: BASE_URL });
useDatabase();

const at = platforms();
const columns = sealedColumns();
const nameOf = ({ table, column }: { table: string; column: string }) => `${table}.${column}`;
let values: SealedValue[] = [];
let mona: UserActor;
let yusuf: UserActor;
const stores: Record<"first" | "second" | "other", Connection> = {} as never;

async function answer(actor: UserActor): Promise<string> {
  const begun = await start(at, actor, "oauth2");
  await receiveAnswer("oauth2", await approve(at, "oauth2", begun.url, "acct-dammam"), begun.cookie, actor);
  return begun.attemptId;
}

async function candidateOf({ id, merchantId }: Connection): Promise<void> {
  const grant = newId("grant");
  const place = (column: string): Place => ({ table: "grants", column, row: grant, merchant: merchantId });
  await database().execute(sql`insert into grants (id, connection_id, merchant_id, reason, access, renewal, epoch) values
    (${grant}, ${id}, ${merchantId}, 'candidate', ${seal("CNRY-access", place("access"))}, ${seal("CNRY-renewal", place("renewal"))}, 1)`);
}

const idOf = (table: string) => (table === "key_checks" ? "key_id" : "id");
/** Puts a ciphertext where it does not belong, for as long as the work takes. */
async function moved<T>({ place, value: own }: SealedValue, foreign: Sealed, work: () => Promise<T>): Promise<T> {
  const put = (value: Sealed) =>
    database().execute(
      sql`update ${sql.identifier(place.table)} set ${sql.identifier(place.column)} = ${value} where ${sql.identifier(idOf(place.table))} = ${place.row}`,
    );
  await put(foreign);
  try {
    return await work();
  } finally {
    await put(own);
  }
}

const refusalOf = (work: () => unknown): VaultError | null => {
  try {
    work();
  } catch (error) {
    if (error instanceof VaultError) return error;
    throw error;
  }
  return null;
};

beforeAll(async () => {
  mona = await aMerchant("Riyadh shop");
  yusuf = await aMerchant("Jeddah shop");
  stores.first = await connected(at, mona, "oauth2", "acct-riyadh");
  stores.second = await connected(at, mona, "norce");
  stores.other = await connected(at, yusuf, "oauth2", "acct-jeddah");
  await connected(at, yusuf, "norce").catch(() => undefined);
  for (const row of [stores.first, stores.other]) await candidateOf(row);
  await answer(mona);
  await answer(yusuf);
  const admin = await staff("admin");
  const hook = await addDestination(admin, { kind: "webhook", address: "https://receiver.example/hook", locale: "en" });
  for (const secret of [hook.secret, await rotateSecret(admin, hook.id)]) keepSecret("webhook secret", String(secret));
  await sealOffer();
  await markKeys();
  values = await sealedValues();
});

describe("S-34 every sealed column of the schema", () => {
  it("is found, and stands filled in a real row", () => {
    const declared = ["db/schema.ts", "db/offer-tables.ts"].flatMap((file) => readFileSync(file, "utf8").match(/\bsealed\("/g) ?? []);
    expect(columns).toHaveLength(declared.length);
    expect(new Set(values.map(({ place }) => nameOf(place)))).toEqual(new Set(columns.map(nameOf)));
    for (const { place, value } of values) expect(unseal(value, place), nameOf(place)).not.toBe("");
  });

  it("opens at no other place of any row, column, table or merchant that there is", () => {
    for (const { place, value } of values)
      for (const other of values)
        if (other.place !== place)
          expect(
            refusalOf(() => unseal(value, other.place)),
            `${nameOf(place)} at ${nameOf(other.place)}`,
          ).toMatchObject({ code: "tampered" });
  });

  it.each(columns.map(nameOf))("%s is bound to each part of its place alone, and to its key's id", (name) => {
    const own = values.find(({ place }) => nameOf(place) === name) as SealedValue;
    const [key] = env().LATCHKEY_KEYS;
    if (!key) throw new Error("no key");
    const elsewhere: Place[] = [
      { ...own.place, row: `${own.place.row}0` },
      { ...own.place, merchant: own.place.merchant === "" ? "mer_1" : "" },
      { ...own.place, merchant: `${own.place.merchant}0` },
      ...columns.filter((one) => nameOf(one) !== name).map((one) => ({ ...own.place, ...one })),
    ];
    for (const place of elsewhere)
      expect(
        refusalOf(() => unseal(own.value, place)),
        JSON.stringify(place),
      ).toMatchObject({ code: "tampered" });
    const renamed = own.value.replace(`.${key.id}.`, ".other.") as Sealed;
    const ring = [key, { id: "other", bytes: key.bytes }];
    expect(refusalOf(() => unseal(renamed, own.place, ring))).toMatchObject({ code: "tampered", keyId: "other" });
    expect(refusalOf(() => unseal(renamed, own.place))).toMatchObject({ code: "unknown_key", keyId: "other" });
    expect(refusalOf(() => unseal(own.value, own.place, [{ id: key.id, bytes: randomBytes(32) }]))).toMatchObject({
      code: "tampered",
      keyId: key.id,
    });
  });

  it.each(columns.map(nameOf))("S-33: %s with a tag cut to 0..15 bytes, or any byte changed, opens nowhere", (name) => {
    const own = values.find(({ place }) => nameOf(place) === name) as SealedValue;
    const [version, id, iv, body = ""] = own.value.split(".");
    const bytes = Buffer.from(body, "base64url");
    const withBody = (changed: Buffer) => [version, id, iv, changed.toString("base64url")].join(".") as Sealed;
    for (let length = 0; length < 16; length += 1)
      expect(
        refusalOf(() => unseal(withBody(bytes.subarray(0, bytes.length - 16 + length)), own.place)),
        `${length} bytes`,
      ).toMatchObject({ code: "tampered" });
    for (let index = 0; index < bytes.length; index += 1) {
      const other = Buffer.from(bytes);
      other[index] = (other[index] ?? 0) ^ 0x40;
      expect(refusalOf(() => unseal(withBody(other), own.place))?.code).toBe("tampered");
    }
  });
});

describe("S-34 moved in the database, read by the product", () => {
  const ofTable = (table: string) => values.filter(({ place }) => place.table === table);
  const elsewhere = (own: SealedValue) => values.filter(({ place }) => place !== own.place).map(({ value }) => value);

  it("connections: neither access nor renewal opens, wherever it came from", async () => {
    for (const own of ofTable("connections"))
      for (const foreign of elsewhere(own)) {
        const row = await moved(own, foreign, () => findConnection(database(), own.place.row));
        expect(refusalOf(() => openGrant(row as Connection))).toMatchObject({ code: "tampered" });
      }
  });

  it("grants: no candidate opens, wherever it came from", async () => {
    for (const own of ofTable("grants")) {
      const [connection] = [stores.first, stores.other].filter(({ merchantId }) => merchantId === own.place.merchant);
      for (const foreign of elsewhere(own)) {
        const [candidate] = await moved(own, foreign, () => findCandidates(database(), connection?.id ?? ""));
        expect(refusalOf(() => openCandidate(candidate as never, connection as Connection))).toMatchObject({ code: "tampered" });
      }
    }
  });

  it("key_checks: another row's mark is another key", async () => {
    const [own] = ofTable("key_checks");
    if (!own) throw new Error("no mark");
    for (const foreign of elsewhere(own))
      await expect(moved(own, foreign, () => checkKeys())).rejects.toThrow(/Key \w+ in LATCHKEY_KEYS is not the one/);
  });

  it("platform_sessions: another merchant's session is never used: it is made anew", async () => {
    const sessions = ofTable("platform_sessions").filter(({ place }) => place.merchant === mona.merchants[0]?.id);
    const [own] = sessions;
    if (!own) throw new Error("no session");
    const { ledger } = at.simulators.norce;
    const made = ledger.count("token", 200);
    expect((await renew(mona, stores.second.id, at.open)).kind).toBe("renewed");
    expect(ledger.count("token", 200)).toBe(made);
    await database().execute(sql`update platform_sessions set value = ${elsewhere(own)[0]} where id = ${own.place.row}`);
    expect((await renew(mona, stores.second.id, at.open)).kind).toBe("renewed");
    expect(ledger.count("token", 200)).toBe(made + 1);
  });

  it.each(["answer", "verifier"] as const)(
    "attempts: the %s of another attempt is not sent: nothing leaves, and it runs out",
    async (column) => {
      const sent = () => at.simulators.oauth2.ledger.calls.filter(({ name }) => name.startsWith("token")).length;
      const before = sent();
      const ids = [await answer(mona), await answer(yusuf)] as const;
      const [own, other] = await Promise.all(ids.map(attemptOf));
      const put = (id: string, value: Sealed | null | undefined) =>
        database().execute(sql`update attempts set ${sql.identifier(column)} = ${value} where id = ${id}`);
      await put(ids[0], other?.[column]);
      await put(ids[1], own?.[column]);
      await exchange(mona, ids[0], at.open);
      await exchange(yusuf, ids[1], at.open);
      for (const id of ids) expect(await attemptOf(id)).toMatchObject({ resultId: null, sentAt: null });
      expect(sent()).toBe(before);
    },
  );
});
