import { type Reader, routes } from "@/tests/bench/pages/routes";
import { overweight } from "@/tests/bench/pages/verdict";
import { weigh } from "@/tests/bench/pages/weigh";
import { guestCookies } from "./support/link-scene";
import { setScene } from "./support/scene";
import { expect, sessionCookie, test } from "./support/test";

test("every route is within its weight, and asks nothing of other hosts", async ({ someone, installation }) => {
  const merchant = await someone("merchant");
  const scene = await setScene(merchant);
  const [newcomer, support, admin] = [await someone("merchant"), await someone("support"), await someone("admin")];
  const readers = { merchant, newcomer, support, admin };
  const cookieOf = (reader: Reader): string => {
    if (reader === "guest")
      return Object.entries(guestCookies)
        .map((pair) => pair.join("="))
        .join("; ");
    return reader === "nobody" ? "" : `${sessionCookie}=${readers[reader].token}`;
  };
  for (const route of routes) {
    const cookie = cookieOf(route.as);
    for (const locale of ["en", "ar"]) {
      const weight = await weigh(installation.url, route.path(scene), `latchkey-locale=${locale}; ${cookie}`);
      expect(weight.js, route.name).toBeGreaterThan(100);
      expect.soft(overweight(route, weight), `${route.name} (${locale})`).toEqual([]);
    }
  }
});

test("what every page starts with is compiled while it arrives", async ({ installation }) => {
  const html = await (await fetch(`${installation.url}/sign-in`)).text();
  const files = [...html.matchAll(/<script\b[^>]*\ssrc="([^"]+)"[^>]*>/g)]
    .filter(([tag]) => !/\snomodule/i.test(tag))
    .map(([, src = ""]) => src);
  const scripts = await Promise.all(files.map(async (file) => (await fetch(new URL(file, installation.url))).text()));
  const large = scripts.filter(({ length }) => length > 150_000);
  expect(large.length).toBeGreaterThan(0);
  for (const script of large) expect(script.slice(0, 60)).toMatch(/^\/\/# allFunctionsCalledOnLoad\n/);
});
