import { responseOf } from "@/lib/journal/entry";
import type { Answer } from "@/lib/journal/work";
import type { Io } from "@/lib/providers/contract";
import { ProviderError } from "@/lib/providers/provider-error";

/**
 * Answers a provider's calls with what was heard when they were made, so that nobody else has to know how to read it. What only asks (the
 * addresses of an authorization server) is asked again; a session is not needed for a call that is not made. `unanswered` tells whether
 * the provider wanted anything that is not there: then it has not judged what was heard.
 */
export function recordedIo(answers: readonly Answer[], at: Date, real: () => Promise<Io>): { io: Io; unanswered: () => boolean } {
  const left = [...answers];
  let unanswered = false;
  const missing = (error: unknown): never => {
    unanswered = true;
    throw error;
  };
  const fetch: Io["fetch"] = async (url, init) => {
    if ((init?.method ?? "GET") === "GET")
      return real()
        .then((io) => io.fetch(url, init))
        .catch(missing);
    const index = left.findIndex(({ path }) => path === new URL(url).pathname);
    const [answer] = index < 0 ? [] : left.splice(index, 1);
    return answer ? responseOf(answer) : missing(new ProviderError("transient", "not_recorded"));
  };
  return { io: { fetch, now: () => at, session: async () => ({ value: "", expiresAt: null }) }, unanswered: () => unanswered };
}
