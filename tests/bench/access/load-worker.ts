import autocannon, { type Client, type Request } from "autocannon";

/** `requests` are dealt out among the callers, each of which asks its share over and over, one after the other. */
export type Crowd = { callers: number; requests: Request[] };
export type Load = { origin: string; crowd: Crowd; beside: Crowd | null; settleMs: number; measureMs: number };
/** Milliseconds and answers per second of the crowd; `beside` is how many answers the other one was given. */
export type Measured = { perSecond: number; p50: number; p99: number; answers: number; beside: number };

type Heard = { times: number[]; refused: Map<number | string, number> };

/** Asks for as long as is measured. What is heard while the connections are made and everybody gets going is not counted. */
function ask(origin: string, { callers, requests }: Crowd, { settleMs, measureMs }: Load): Promise<Heard> {
  const heard: Heard = { times: [], refused: new Map() };
  const refuse = (why: number | string) => void heard.refused.set(why, (heard.refused.get(why) ?? 0) + 1);
  let caller = 0;
  const setupClient = (client: Client) => {
    client.setRequests(requests.filter((_, index) => index % callers === caller));
    caller += 1;
  };
  const until = settleMs + measureMs;
  return new Promise((resolve, reject) => {
    const options = { url: origin, connections: callers, duration: until / 1000 + 0.05, sampleInt: 50, setupClient };
    const load = autocannon(options, (error: unknown) => (error ? reject(error) : resolve(heard)));
    const began = performance.now();
    // Its own histogram knows no less than a millisecond.
    load.on("response", (_client, status, _bytes, ms) => {
      const at = performance.now() - began;
      if (status !== 200) refuse(status);
      else if (at >= settleMs && at < until) heard.times.push(ms);
    });
    load.on("reqError", (error: { code?: string; message?: string }) => refuse(error.code ?? error.message ?? "error"));
  });
}

const at = (times: readonly number[], part: number) => times[Math.min(times.length - 1, Math.floor(times.length * part))] ?? Number.NaN;

async function measure(load: Load): Promise<Measured> {
  const none: Heard = { times: [], refused: new Map() };
  const [heard, other] = await Promise.all([
    ask(load.origin, load.crowd, load),
    load.beside ? ask(load.origin, load.beside, load) : Promise.resolve(none),
  ]);
  const refused = [...heard.refused, ...other.refused].map(([why, n]) => `${n} x ${why}`);
  if (refused.length > 0) throw new Error(`Not everything was answered with 200: ${refused.join(", ")}`);
  const times = heard.times.sort((a, b) => a - b);
  const perSecond = (times.length / load.measureMs) * 1000;
  return { perSecond, p50: at(times, 0.5), p99: at(times, 0.99), answers: times.length, beside: other.times.length };
}

// The benchmark's callers, in a process of their own.
process.on("message", (load: Load) => {
  measure(load).then(
    (measured) => process.send?.({ measured }),
    (error: Error) => process.send?.({ error: error.message }),
  );
});
process.once("disconnect", () => process.exit(0));
process.send?.("ready");
