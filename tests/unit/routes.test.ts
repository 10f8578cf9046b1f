import { expect, it } from "vitest";
import { judgeRoutes, judgeRoutesIn, ROUTES } from "@/tests/run/routes";

const everywhere = (name: string, state = "passed") => ROUTES.map((route) => ({ route, name, state }));
const but = (route: string, tests: ReturnType<typeof everywhere>, state: string) =>
  tests.map((test) => (test.route === route ? { ...test, state } : test));

it("counts each route", () => {
  expect(judgeRoutes([...everywhere("a"), ...everywhere("b")])).toEqual({
    line: "Database suite: embedded 2 passed, external 2 passed, neon 2 passed",
    uneven: [],
  });
  expect(judgeRoutes([...everywhere("a"), ...but("neon", everywhere("b"), "failed")])).toEqual({
    line: "Database suite: embedded 2 passed, external 2 passed, neon 1 passed 1 failed",
    uneven: [],
  });
});

it("names what did not run on every route: left out, skipped, or run more often", () => {
  expect(judgeRoutes([...everywhere("a"), ...everywhere("b").slice(1)])?.uneven).toEqual(["b"]);
  expect(judgeRoutes([...everywhere("a"), ...but("external", everywhere("b"), "skipped")])?.uneven).toEqual(["b"]);
  expect(judgeRoutes([...everywhere("a"), { route: "neon", name: "a", state: "passed" }])?.uneven).toEqual(["a"]);
  expect(judgeRoutes(everywhere("a").slice(0, 2))?.line).toContain("neon 0 passed");
  expect(judgeRoutes(everywhere("a", "skipped"))?.uneven).toEqual([]);
});

it("says nothing where no test of the suite was asked for, and does not take a missing report for that", () => {
  expect(judgeRoutes([])).toBeNull();
  expect(judgeRoutesIn("/nowhere/routes.json")?.uneven).toHaveLength(1);
});
