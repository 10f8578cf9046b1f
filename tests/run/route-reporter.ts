import { writeFileSync } from "node:fs";
import { relative } from "node:path";
import type { Reporter, TestModule } from "vitest/node";
import { ROUTE_PROJECT, type RouteTest } from "./routes";

/** Writes to ROUTES_FILE what each test of the database suite came to on each route: Vitest's JSON does not tell the project. */
export default class RouteReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const tests = modules.flatMap((module): RouteTest[] => {
      const route = ROUTE_PROJECT.exec(module.project.name)?.[1];
      if (!route) return [];
      const file = relative(process.cwd(), module.moduleId);
      return [...module.children.allTests()].map((test) => ({ route, name: `${file} > ${test.fullName}`, state: test.result().state }));
    });
    writeFileSync(process.env.ROUTES_FILE ?? "", JSON.stringify(tests));
  }
}
