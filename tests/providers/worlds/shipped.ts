import { randomBytes } from "node:crypto";
import { inspectEnv } from "@/lib/env";
import { offersFromEnv } from "@/lib/offers/from-env";
import type { Provider } from "@/lib/providers/contract";

/** The provider as an installation gets it that sets these variables and nothing else. */
export function shipped(slug: string, variables: Record<string, string> = {}): { provider: Provider | undefined; faults: string[] } {
  const key = () => randomBytes(32).toString("base64");
  const own = { DATABASE_URL: "postgres://localhost/x", LATCHKEY_KEYS: `k1:${key()}`, AUTH_SECRET: key() };
  const { env, faults } = inspectEnv({ ...own, ...variables });
  const made = offersFromEnv(env);
  return { provider: made.offers.find((offer) => offer.slug === slug)?.provider, faults: [...faults, ...made.faults] };
}
