import type { Provider } from "@/lib/providers/contract";

/** A platform with an environment and a client. `slug` stands in callback paths, so no two share one. */
export type Offer = {
  slug: string;
  /** Shown to people; null: the platform's own name from the catalogue. */
  name: string | null;
  provider: Provider;
  /** Changes with anything that a flow on its way relies on; holds no secret. */
  fingerprint: string;
};
