import { readFileSync } from "node:fs";
import { z } from "zod";

export const ROUTES = ["embedded", "external", "neon"] as const;
export const ROUTE_PROJECT = new RegExp(`^database (${ROUTES.join("|")})(, handlers)?$`);

const routeTest = z.object({ route: z.enum(ROUTES), name: z.string(), state: z.string() });
export type RouteTest = { route: string; name: string; state: string };

/** How often each test has run, by its name. */
function timesRun(tests: readonly RouteTest[]): Map<string, number> {
  const times = new Map<string, number>();
  for (const { name, state } of tests) {
    if (state === "passed" || state === "failed") times.set(name, (times.get(name) ?? 0) + 1);
  }
  return times;
}

/** The line that tells of each route, and every test that did not run on all of them alike. Null where none of them was asked for. */
export function judgeRoutes(tests: readonly RouteTest[]): { line: string; uneven: string[] } | null {
  if (tests.length === 0) return null;
  const of = (route: string) => tests.filter((test) => test.route === route);
  const told = ROUTES.map((route) => {
    const [passed, failed] = ["passed", "failed"].map((state) => of(route).filter((test) => test.state === state).length);
    return `${route} ${passed} passed${failed ? ` ${failed} failed` : ""}`;
  });
  const runs = ROUTES.map((route) => timesRun(of(route)));
  const names = [...new Set(runs.flatMap((run) => [...run.keys()]))];
  const uneven = names.filter((name) => new Set(runs.map((run) => run.get(name) ?? 0)).size > 1);
  return { line: `Database suite: ${told.join(", ")}`, uneven };
}

/** The same of what the reporter wrote; a report that is not there is a fault as well. */
export function judgeRoutesIn(file: string): ReturnType<typeof judgeRoutes> {
  try {
    return judgeRoutes(z.array(routeTest).parse(JSON.parse(readFileSync(file, "utf8"))));
  } catch {
    return { line: "Database suite: no report of its routes", uneven: ["(all)"] };
  }
}
