import { randomBytes } from "node:crypto";
import { inspectEnv } from "@/lib/env";
import { offersFromEnv } from "@/lib/offers/from-env";
import type { Provider } from "@/lib/providers/contract";

/** The provider as an installation gets it that sets these variables and nothing else. */
export function shipped(
  slug: string,
  variables: Record<string, string> = {},
): { provider: Provider | undefined; fingerprint: string | undefined; faults: string[] } {
  const key = () => randomBytes(32).toString("base64");
  const own = { DATABASE_URL: "postgres://localhost/x", LATCHKEY_KEYS: `k1:${key()}`, AUTH_SECRET: key() };
  const { env, faults } = inspectEnv({ ...own, ...variables });
  const made = offersFromEnv(env);
  const offer = made.offers.find((candidate) => candidate.slug === slug);
  return { provider: offer?.provider, fingerprint: offer?.fingerprint, faults: [...faults, ...made.faults] };
}
