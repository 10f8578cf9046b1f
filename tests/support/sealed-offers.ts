import { sql } from "drizzle-orm";
import { database } from "@/db/client";
import { newId } from "@/db/new-id";
import type { OfferSettings } from "@/db/offers";
import { seal } from "@/lib/vault";

/** What an admin would have said of a platform of that name. */
export const settingsOf = (name: string): OfferSettings => ({
  name,
  monogram: "SM",
  clientId: "latchkey-client",
  issuer: "https://sealed.example",
  authorizeUrl: null,
  tokenUrl: null,
  revokeUrl: null,
  introspectUrl: null,
  userinfoUrl: null,
  testUrl: null,
  apiUrl: null,
  scopes: [],
  scopeSeparator: " ",
  authMethod: "basic",
  pkce: true,
  authorizeParams: {},
  revokeEndsAll: false,
  help: { en: "", ar: "" },
  allows: { en: "", ar: "" },
});

/** A platform of the database with a client secret, and a dry run of it that still holds everything that one ever holds. */
export async function sealOffer(): Promise<void> {
  const [secret, run] = [newId("sec"), newId("try")];
  const of = (column: string) => seal(`CNRY-try-${column}`, { table: "offer_tries", column, row: run, merchant: "" });
  const value = seal("CNRY-client-secret", { table: "offer_secrets", column: "value", row: secret, merchant: "" });
  await database().execute(
    sql`insert into offers (slug, settings, created_by) values ('sealed-market', ${JSON.stringify(settingsOf("Sealed Market"))}::jsonb, 'Omar') on conflict do nothing`,
  );
  await database().execute(
    sql`insert into offer_secrets (id, offer, value, current, created_by) values (${secret}, 'sealed-market', ${value}, false, 'Omar')`,
  );
  await database().execute(sql`insert into offer_tries
    (id, offer, offer_fingerprint, user_id, redirect_uri, verifier, answer, access, renewal, status, lease_until, expires_at)
    values (${run}, 'sealed-market', 'any', 'usr', 'https://latchkey.example', ${of("verifier")}, ${of("answer")}, ${of("access")},
      ${of("renewal")}, 'running', app_now() + interval '1 day', app_now() + interval '1 day')`);
}
