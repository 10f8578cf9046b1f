import { env } from "./env";

const seen = new Map<string, number>();
const holder = globalThis as { latchkeyAtPoint?: (name: string) => void };

/** Marks a step. Inert unless LATCHKEY_CRASH_AT is `name` or `name:n`: then the process kills itself the nth time it gets there. */
export function crashPoint(name: string): void {
  holder.latchkeyAtPoint?.(name);
  const wanted = env().LATCHKEY_CRASH_AT;
  if (!wanted) return;
  const [target, times = "1"] = wanted.split(":");
  if (target !== name) return;
  const count = (seen.get(name) ?? 0) + 1;
  seen.set(name, count);
  if (count === Number(times)) process.kill(process.pid, "SIGKILL");
}

/** A call to the outside or a commit: a process may die before it (`<name>.before`) and after it (`<name>.after`). */
export async function crossing<T>(name: string, work: () => Promise<T>): Promise<T> {
  crashPoint(`${name}.before`);
  const done = await work();
  crashPoint(`${name}.after`);
  return done;
}
