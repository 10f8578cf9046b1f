import { database, transaction } from "@/db/client";
import { newId } from "@/db/new-id";
import { addCalls } from "@/db/offer-minutes";
import { setPause } from "@/db/offer-pauses";
import { insertSecret } from "@/db/offer-secrets";
import { finishTry, insertTry, type TryStep } from "@/db/offer-tries";
import { insertOffer, type OfferSettings, updateOffer } from "@/db/offers";
import { parseKeys } from "@/lib/key-ring";
import { seal } from "@/lib/vault";
import { settingsOf } from "@/tests/support/sealed-offers";

export const tries = { good: "try_000000000000000good", bad: "try_0000000000000000bad", open: "try_000000000000000open" } as const;

const steps: Record<keyof typeof tries, TryStep[]> = {
  good: (["consent", "exchange", "renew", "prove", "revoke"] as const).map((step) => ({ step, result: "good", code: null })),
  bad: [
    { step: "consent", result: "good", code: null },
    { step: "exchange", result: "bad", code: "invalid_client" },
  ],
  open: [],
};
const words = { allows: { en: "See who you are\nRead your orders", ar: "الاطلاع على هويتك\nقراءة الطلبات" } };

async function add(slug: string, published: boolean, change: Partial<OfferSettings> & { name: string }): Promise<void> {
  const { keys } = parseKeys(process.env.E2E_KEYS ?? "");
  await transaction(async (tx) => {
    const settings = { ...settingsOf(change.name), ...change };
    if (!(await insertOffer(tx, { slug, settings, createdBy: "Omar Haddad" }))) return;
    if (published) await updateOffer(tx, slug, { published: true });
    for (const current of [true, false]) {
      const id = newId("sec");
      const value = seal("CNRY-client-secret", { table: "offer_secrets", column: "value", row: id, merchant: "" }, keys);
      await insertSecret(tx, { id, offer: slug, value, current, createdBy: "Omar Haddad" });
    }
  });
}

/** Platforms that an admin added: one held back, one that fails, and a draft. */
export async function setOffers(): Promise<void> {
  await add("souq", true, { name: "Souq Plus", monogram: "SP", scopes: ["openid", "orders.read"], ...words });
  await add("dock", false, { name: "Dock Market", monogram: "DM", scopes: ["openid", "orders.read"], ...words });
  await add("bazaar", true, { name: "Grand Bazaar", monogram: "GB" });
  await transaction((tx) => setPause(tx, { offer: "souq", reason: "Their own outage", hours: 4, pausedBy: "Omar Haddad" }));
  await addCalls(database(), [{ offer: "bazaar", calls: 10, failed: 4 }]);
}

/** Dry runs of the draft, by that admin. */
export async function setTries(userId: string): Promise<void> {
  const nothing = { stateHash: null, browserHash: null, verifier: null };
  for (const name of ["good", "bad", "open"] as const)
    await transaction(async (tx) => {
      const id = tries[name];
      await insertTry(tx, { id, offer: "dock", offerFingerprint: "scene", userId, redirectUri: "https://latchkey.example", ...nothing });
      if (name !== "open") await finishTry(tx, id, steps[name]);
    });
}
