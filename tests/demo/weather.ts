import { setTimeout as sleep } from "node:timers/promises";
import { html, json, type Simulator } from "@/tests/simulators/simulator";

/** What may be wrong with a platform as a whole, as somebody at the desk wants it. */
export const weathers = ["storm", "slow", "outage"] as const;
export type Weather = (typeof weathers)[number];

const SLOW_MS = 10_000;
const RETRY_AFTER_S = "20";

/** The platform in the weather that is set for it. People's pages are spared a storm: it is about calls. */
export function inWeather<S extends Simulator>(simulator: S, weather: ReadonlySet<Weather>): S {
  const handle = async (request: Request): Promise<Response> => {
    const page = request.headers.get("accept")?.includes("text/html") === true;
    if (weather.has("slow")) await sleep(SLOW_MS);
    if (weather.has("outage"))
      return page
        ? html(503, "<title>503</title><main><h1>This platform is down</h1><p>It is simulated, and so is this: 503.</p></main>")
        : json(503, { message: "Service Unavailable" });
    if (weather.has("storm") && !page) return json(429, { message: "Too Many Requests" }, { "retry-after": RETRY_AFTER_S });
    return simulator.handle(request);
  };
  return { ...simulator, handle };
}
