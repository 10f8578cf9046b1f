import { Agent, request } from "node:http";

export type Asked = { path: string; token: string; renewed: boolean };
/** `second`: of the load, in which it should have been asked. */
export type Answer = { ms: number; status: number; renewed: boolean; second: number };

const TICK_MS = 2;

/**
 * Asks so many times a second, whether or not what was asked before is answered: each answer's time counts from when it should have been asked,
 * so that a process which stands still is not spared the calls that it kept waiting.
 */
export async function load(
  port: number,
  perSecond: number,
  seconds: number,
  next: () => Asked,
  each: (second: number) => void,
): Promise<Answer[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: 256 });
  const answers: Answer[] = [];
  const under: Promise<void>[] = [];
  const began = performance.now();
  const ask = ({ path, token, renewed }: Asked, dueAt: number) =>
    new Promise<void>((resolve) => {
      const done = (status: number) => {
        answers.push({ ms: performance.now() - dueAt, status, renewed, second: Math.floor((dueAt - began) / 1000) });
        resolve();
      };
      request({ host: "127.0.0.1", port, path, agent, headers: { authorization: `Bearer ${token}` } }, (answer) => {
        answer.resume().once("end", () => done(answer.statusCode ?? 0));
      })
        .once("error", () => done(0))
        .end();
    });
  for (let sent = 0, second = -1; sent < perSecond * seconds; ) {
    const nowS = (performance.now() - began) / 1000;
    if (Math.floor(nowS) > second) each(++second);
    for (; sent < Math.min(nowS, seconds) * perSecond; sent += 1) under.push(ask(next(), began + (sent * 1000) / perSecond));
    await new Promise((resolve) => setTimeout(resolve, TICK_MS));
  }
  await Promise.all(under);
  agent.destroy();
  return answers;
}
