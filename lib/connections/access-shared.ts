import { inFlight } from "@/lib/in-flight";
import { log } from "@/lib/log";

/** What failed is not tried again at once, however many ask for it. */
const KEPT_MS = 1_000;

/** Work that all callers of this process have in common. It goes on when they go away, also while this process ends. */
export function shared<T>(held: Map<string, Promise<T>>, key: string, work: () => Promise<T>, isFailure: (done: T) => boolean): Promise<T> {
  const before = held.get(key);
  if (before) return before;
  const begun = inFlight(work());
  held.set(key, begun);
  const forget = () => held.delete(key);
  const later = () => void setTimeout(forget, KEPT_MS).unref();
  begun.then(
    (done) => (isFailure(done) ? later() : forget()),
    (error: unknown) => {
      log.error("access_not_renewed", error);
      later();
    },
  );
  return begun;
}
