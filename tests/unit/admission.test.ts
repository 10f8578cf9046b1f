import { createServer } from "node:http";
import { expect, it } from "vitest";
import { answerBusy } from "@/app/busy-answer";
import { env } from "@/lib/env";
import { admission } from "@/lib/health/admission";
import { addStandardHeaders, standardHeaders } from "@/lib/standard-headers";
import { useEnv } from "@/tests/auth/set-env";
import { listening } from "@/tests/support/raw-server";

useEnv({ LATCHKEY_URL: "https://latchkey.test" });

it("lets in so many at once, and the next as soon as one has gone", () => {
  const { enter } = admission({ most: 3, mostWhenLate: 1 }, () => 0);
  const inside = [enter(), enter(), enter()];
  expect(inside.every((leave) => leave !== null)).toBe(true);
  expect([enter(), enter()]).toEqual([null, null]);
  inside[1]?.();
  expect(enter()).not.toBeNull();
  expect(enter()).toBeNull();
});

it("lets fewer in while the process is late with all that it does", () => {
  let lateMs = 0;
  const { enter } = admission({ most: 3, mostWhenLate: 1 }, () => lateMs);
  const first = enter();
  lateMs = 800;
  expect(enter()).toBeNull();
  first?.();
  const alone = enter();
  expect(alone).not.toBeNull();
  lateMs = 100;
  expect(enter()).not.toBeNull();
});

it("a storm is refused at once and in order, while what was let in is done: nobody waits behind it", async () => {
  const { enter } = admission({ most: 10, mostWhenLate: 5 }, () => 0);
  let begun = 0;
  let most = 0;
  const release: (() => void)[] = [];
  const server = createServer((request, response) => {
    addStandardHeaders(response, standardHeaders(env().LATCHKEY_URL));
    const leave = enter();
    if (!leave) return void answerBusy(request, response, request.url?.startsWith("/api/v1/") ? "api" : "page");
    response.once("close", leave);
    begun += 1;
    most = Math.max(most, begun);
    release.push(() => {
      begun -= 1;
      response.end("done");
    });
  });
  const port = await listening(server);
  const ask = (path: string) => fetch(`http://localhost:${port}${path}`, { headers: { "accept-language": "ar" } });
  const answers: Promise<Response>[] = Array.from({ length: 10 }, () => ask("/connections"));
  while (release.length < 10) await new Promise(setImmediate);
  const refused = await Promise.all(
    Array.from({ length: 90 }, (_, index) => ask(index % 2 ? "/connections?code=CNRY-code" : "/api/v1/connections")),
  );
  expect(new Set(refused.map(({ status }) => status))).toEqual(new Set([503]));
  for (const { headers } of refused) {
    expect(Number(headers.get("retry-after"))).toBeGreaterThanOrEqual(1);
    expect(Number(headers.get("retry-after"))).toBeLessThanOrEqual(4);
    expect(headers.get("cache-control")).toBe("no-store");
    expect(headers.get("strict-transport-security")).toContain("max-age");
  }
  const [api, page] = await Promise.all([refused[0]?.json(), refused[1]?.text()]);
  expect(api).toMatchObject({ status: 503, code: "overloaded" });
  expect(page).toContain('lang="ar" dir="rtl"');
  expect(page).not.toContain("CNRY");
  expect(refused[1]?.headers.get("content-security-policy")).toContain("default-src 'none'");
  for (const end of release) end();
  expect((await Promise.all(answers)).map(({ status }) => status)).toEqual(Array(10).fill(200));
  expect(most).toBe(10);
  const after = ask("/connections");
  while (release.length < 11) await new Promise(setImmediate);
  release[10]?.();
  expect((await after).status).toBe(200);
});
