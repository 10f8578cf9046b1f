import { routes } from "@/tests/bench/pages/routes";
import { overweight } from "@/tests/bench/pages/verdict";
import { weigh } from "@/tests/bench/pages/weigh";
import { setScene } from "./support/scene";
import { expect, sessionCookie, test } from "./support/test";

test("every route is within its weight, and asks nothing of other hosts", async ({ someone, installation }) => {
  const merchant = await someone("merchant");
  const scene = await setScene(merchant);
  const [newcomer, support, admin] = [await someone("merchant"), await someone("support"), await someone("admin")];
  const readers = { merchant, newcomer, support, admin };
  for (const route of routes) {
    const cookie = route.as === "nobody" ? "" : `${sessionCookie}=${readers[route.as].token}`;
    for (const locale of ["en", "ar"]) {
      const weight = await weigh(installation.url, route.path(scene), `latchkey-locale=${locale}; ${cookie}`);
      expect(weight.js, route.name).toBeGreaterThan(100);
      expect.soft(overweight(route, weight), `${route.name} (${locale})`).toEqual([]);
    }
  }
});
