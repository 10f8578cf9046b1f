import { api } from "@/lib/api/app";

type Answered = { status: number; word: string };

async function ask(path: string, token: string): Promise<Answered> {
  const answer = await api.fetch(new Request(`http://latchkey.test/api/v1${path}`, { headers: { authorization: `Bearer ${token}` } }));
  const body = (await answer.json()) as { code?: string; generation?: number };
  return { status: answer.status, word: String(body.code ?? body.generation) };
}

/** How often each status came with each generation or code, and how long the last of them waited. */
export type Called = { answers: Record<string, number>; longestMs: number };

/** So many backends that ask this process at once. */
export async function callers(path: string, token: string, many: number): Promise<Called> {
  const answers: Record<string, number> = {};
  let longestMs = 0;
  const one = async () => {
    const began = performance.now();
    const { status, word } = await ask(path, token);
    longestMs = Math.max(longestMs, performance.now() - began);
    const name = `${status} ${word}`;
    answers[name] = (answers[name] ?? 0) + 1;
  };
  await Promise.all(Array.from({ length: many }, one));
  return { answers, longestMs };
}

/** `lastServedAt`: by the machine's clock, when access was handed out for the last time. */
export type Polled = { served: number; lastServedAt: number; refused: Record<string, number> };

/** Asks this process again and again, until it was refused so often. */
export async function poll(path: string, token: string, refusals: number): Promise<Polled> {
  const polled: Polled = { served: 0, lastServedAt: 0, refused: {} };
  let left = refusals;
  const lane = async () => {
    while (left > 0) {
      const { status, word } = await ask(path, token);
      if (status === 200) {
        polled.served += 1;
        polled.lastServedAt = Date.now();
        continue;
      }
      left -= 1;
      polled.refused[`${status} ${word}`] = (polled.refused[`${status} ${word}`] ?? 0) + 1;
    }
  };
  await Promise.all([lane(), lane(), lane(), lane()]);
  return polled;
}
