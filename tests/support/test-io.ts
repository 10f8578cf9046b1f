import type { Io, SessionValue } from "@/lib/providers/contract";

/** An `Io` around a simulator's `handle` (or a fault wrapper): sessions live in a map, the clock is an argument. */
export function testIo(
  handle: (request: Request) => Promise<Response>,
  now: () => Date = () => new Date(),
): Io & { sessions: Map<string, SessionValue> } {
  const sessions = new Map<string, SessionValue>();
  return {
    sessions,
    now,
    fetch: (url, init) => handle(new Request(url, { redirect: "manual", ...init })),
    session: async (key, make, rejected) => {
      const name = JSON.stringify([key.shared, ...key.parts]);
      const held = sessions.get(name);
      if (held && held.value !== rejected && (held.expiresAt === null || held.expiresAt > now())) return held;
      const made = await make();
      sessions.set(name, made);
      return made;
    },
  };
}
