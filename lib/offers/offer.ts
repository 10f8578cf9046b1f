import type { OfferSettings } from "@/db/offers";
import type { Provider } from "@/lib/providers/contract";

/** What an admin wrote for merchants, in each language. */
export type OfferTexts = Pick<OfferSettings, "monogram" | "help" | "allows">;

/** A platform with an environment and a client. `slug` stands in callback paths, so no two share one. */
export type Offer = {
  slug: string;
  /** Shown to people; null: the platform's own name from the catalogue. */
  name: string | null;
  provider: Provider;
  /** Changes with anything that a flow on its way relies on; holds no secret. */
  fingerprint: string;
  /** What pages may show of our client there. */
  client?: { id: string | null; scopes: readonly string[] };
  /** Kept in the database, where an admin added it. Absent: described by the environment. */
  stored?: { published: boolean; texts: OfferTexts; secretId: string | null };
};
