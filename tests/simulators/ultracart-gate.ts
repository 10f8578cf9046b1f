import type { Simulator, World } from "./simulator";
import { refuse } from "./ultracart-api";

type Work = (form: URLSearchParams) => Response | Promise<Response>;

/** What stands before every call but the browser's: no two at once, a leaky bucket per hour, the version, the kill switch, forms only. */
export function ultracartGate(world: World, switches: Simulator["switches"]): (request: Request, work: Work) => Promise<Response> {
  let busy = 0;
  let level = 0;
  let leakedAt = world.now().getTime();

  function overRate(): Response | null {
    const at = world.now().getTime();
    level = Math.max(0, level - (at - leakedAt) * (Number(switches.hourly) / 3_600_000));
    leakedAt = at;
    if (level + 1 > Number(switches.hourly)) return refuse(429, `rate of ${switches.hourly} per 3600 second(s) exceeded.`);
    level += 1;
    return null;
  }

  return async (request, work) => {
    busy += 1;
    try {
      if (busy > 1) return refuse(429, "concurrent requests are not allowed.");
      await new Promise((resolve) => setTimeout(resolve, Number(switches.busyMs)));
      const over = overRate();
      if (over) return over;
      if (request.headers.get("x-ultracart-api-version") !== "2017-03-01") return refuse(400, "X-UltraCart-Api-Version is required");
      if (switches.appDisabled === true) return refuse(410, "the application was disabled");
      if (request.method !== "POST") return await work(new URLSearchParams());
      const form = request.headers.get("content-type")?.startsWith("application/x-www-form-urlencoded");
      return form ? await work(new URLSearchParams(await request.text())) : refuse(400, "a form is required");
    } finally {
      busy -= 1;
    }
  };
}
