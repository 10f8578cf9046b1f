import { randomBytes } from "node:crypto";
import { globSync, readFileSync } from "node:fs";
import { sql } from "drizzle-orm";
import { beforeAll, describe, expect, it } from "vitest";
import { database } from "@/db/client";
import { type Connection, findCandidates, findConnection } from "@/db/connections";
import type { Sealed } from "@/db/sealed";
import { sealedColumns } from "@/db/sealed-columns";
import type { UserActor } from "@/lib/auth/actor";
import { checkKeys, markKeys } from "@/lib/check-keys";
import { exchange } from "@/lib/connections/exchange";
import { renew } from "@/lib/connections/renew";
import { openCandidate, openGrant } from "@/lib/connections/sealed-grant";
import { env } from "@/lib/env";
import { type Place, unseal, VaultError } from "@/lib/vault";
import { useEnv } from "@/tests/auth/set-env";
import { useDatabase } from "@/tests/support/database";
import { aMerchant, attemptOf, connected } from "@/tests/support/journey";
import { BASE_URL, platforms } from "@/tests/support/platforms";
import { answered, candidateOf, sealEverything } from "@/tests/support/seal-everything";
import { type SealedValue, sealedValues } from "@/tests/support/sealed-columns";

useEnv({ LATCHKEY_URL: BASE_URL });
useDatabase();

const at = platforms();
const columns = sealedColumns;
const nameOf = ({ table, column }: { table: string; column: string }) => `${table}.${column}`;
let values: SealedValue[] = [];
let mona: UserActor;
let yusuf: UserActor;
const stores: Record<"first" | "second" | "other", Connection> = {} as never;

const idOf = (table: string) => columns.find((column) => column.table === table)?.row ?? "";
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
  Object.assign(stores, await sealEverything(at, mona));
  stores.other = await connected(at, yusuf, "oauth2", "acct-jeddah");
  await connected(at, yusuf, "norce").catch(() => undefined);
  await candidateOf(stores.other);
  await answered(at, yusuf);
  await markKeys();
  values = await sealedValues();
});

describe("S-34 every sealed column of the schema", () => {
  it("is found, and stands filled in a real row", () => {
    const sources = globSync("db/*.ts").map((file) => readFileSync(file, "utf8"));
    // Each word for it in the sources, and no other way to say that a column holds a secret.
    const declared = sources.flatMap((text) => text.match(/\bsealed\("/g) ?? []);
    expect(columns).toHaveLength(declared.length);
    expect(sources.filter((text) => /\$type<Sealed>/.test(text))).toEqual([]);
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
      ...columns.filter((one) => nameOf(one) !== name).map(({ table, column }) => ({ ...own.place, table, column })),
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
      const ids = [await answered(at, mona), await answered(at, yusuf)] as const;
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
