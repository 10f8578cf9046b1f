import type { Provider } from "@/lib/providers/contract";
import type { Simulator } from "@/tests/simulators/simulator";

/** What the contract suite needs of a platform to put any provider through the same paces. */
export type ProviderWorld = {
  provider: Provider;
  simulator: Simulator;
  redirectUri: string;
  /** Plays the browser at the consent page of a redirect provider; resolves to the callback's query. */
  approve: (url: string, store?: string) => Promise<URLSearchParams>;
  /** Good form input of a credentials provider. */
  credentials?: Record<string, string>;
  /** A GET of the platform's API below `apiUrl` that working headers are let through. */
  apiPath: string;
  now: { value: Date };
  revokeAtPlatform: (accountId: string) => void | Promise<void>;
  rotateClientSecret?: () => void;
};
