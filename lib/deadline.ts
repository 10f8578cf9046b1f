/** So long an answer that is here already is waited for: what came while the process stood still is read before the time is up. */
const READ_MS = 100;

/**
 * Aborts after so many milliseconds, and not before what has arrived by then was read: after a standstill (SIGSTOP, a blocked loop) timers
 * come first, and an answer with a token that exists only once would be dropped unread.
 */
export function deadline(ms: number): AbortSignal {
  const controller = new AbortController();
  const end = () => controller.abort(new DOMException("The time is up.", "TimeoutError"));
  setTimeout(() => setTimeout(end, READ_MS).unref(), ms).unref();
  return controller.signal;
}
