import { request as httpRequest } from "node:http";
import { afterEach, expect, it } from "vitest";
import { worldClock } from "@/tests/demo/clock";
import { type Desk, startDesk } from "@/tests/demo/desk/serve";
import { texts } from "@/tests/demo/desk/texts";
import { personOf, type Role, things } from "@/tests/demo/desk/things";
import type { OpenDemo } from "@/tests/demo/open-demo";
import type { Weather } from "@/tests/demo/weather";
import { people } from "@/tests/simulators/identity-provider";
import { freePort } from "@/tests/support/free-port";

const productUrl = "http://localhost:3999";
let desk: Desk | undefined;
afterEach(async () => {
  await desk?.close();
});

/** As much of a demo as the desk shows. */
function demo() {
  const weather = Object.fromEntries(["square", "noon", "ultracart", "norce", "oauth2"].map((slug) => [slug, new Set<Weather>()]));
  let running = true;
  const worker = {
    state: () => (running ? "running" : "stopped"),
    start: () => {
      running = true;
    },
    stop: async () => {
      running = false;
    },
  };
  const world = { clock: worldClock(), weather, trouble: { accounts: true } };
  return { url: productUrl, world, worker, filling: { rows: 300, done: () => 200 } } as unknown as OpenDemo;
}

async function opened(shown = demo()) {
  desk = await startDesk(await freePort(), productUrl);
  desk.show(shown);
  return { ...desk, shown };
}

/** By hand: fetch sets the name of the host and where a request comes from by itself. */
function ask(desk: Desk, path: string, form: string | null, headers: Record<string, string>) {
  return new Promise<{ status: number; text: string; location: string | undefined }>((resolve, reject) => {
    const all = { host: new URL(desk.url).host, "content-type": "application/x-www-form-urlencoded", ...headers };
    const call = httpRequest(
      { host: "127.0.0.1", port: desk.port, path, method: form === null ? "GET" : "POST", headers: all },
      (response) => {
        let text = "";
        response.on("data", (chunk) => {
          text += chunk;
        });
        response.on("end", () => resolve({ status: response.statusCode ?? 0, text, location: response.headers.location }));
      },
    );
    call.once("error", reject).end(form ?? undefined);
  });
}

it("A17: the desk breaks a platform and mends it, and says what is broken now", async () => {
  const { shown, ...desk } = await opened();
  const own = { origin: desk.url };
  const broken = await ask(desk, "/weather", "platform=square&what=storm", own);
  expect([broken.status, broken.location]).toEqual([303, `${desk.url}/?lang=en&done=broken`]);
  expect([...shown.world.weather.square]).toEqual(["storm"]);
  expect((await ask(desk, "/", null, {})).text).toContain(`${texts.en.broken}: ${texts.en.weather.storm}`);
  await ask(desk, "/weather", "platform=square&what=storm&mend=1", own);
  expect([...shown.world.weather.square]).toEqual([]);
  await ask(desk, "/worker", "", own);
  expect(shown.worker.state()).toBe("stopped");
  expect((await ask(desk, "/?lang=ar", null, {})).text).toContain(texts.ar.workerIs.stopped);
  for (const form of ["platform=nowhere&what=storm", "platform=square&what=hail", "platform=__proto__&what=storm"])
    expect((await ask(desk, "/weather", form, own)).status, form).toBe(404);
});

it("nobody but the desk's own pages makes anything happen, by whatever name they reach it", async () => {
  const { shown, ...desk } = await opened();
  const form = "platform=square&what=outage";
  for (const headers of [{} as Record<string, string>, { origin: "https://evil.example" }, { origin: productUrl }, { origin: "null" }])
    expect((await ask(desk, "/weather", form, headers)).status, JSON.stringify(headers)).toBe(403);
  const renamed = { origin: desk.url, host: `evil.example:${desk.port}` };
  expect((await ask(desk, "/weather", form, renamed)).status).toBe(403);
  expect((await ask(desk, "/", null, { host: "evil.example" })).status).toBe(403);
  expect((await ask(desk, "/weather", null, {})).status).toBe(404);
  expect([...shown.world.weather.square]).toEqual([]);
  const asked = desk.resetAsked();
  expect((await ask(desk, "/reset", "", {})).status).toBe(403);
  expect(await Promise.race([asked, "nobody asked"])).toBe("nobody asked");
});

it("what stands in its address is text, and leads to the product only", async () => {
  const { shown: _, ...desk } = await opened();
  const query = new URLSearchParams({ done: "takenAway", name: "<img src=x>", store: '"><script>', lang: "en" });
  const { text } = await ask(desk, `/?${query}`, null, {});
  expect(text).toContain("&#60;img src=x&#62;");
  expect(text).not.toMatch(/<img|<script/);
  const own = { origin: desk.url };
  for (const to of ["//evil.example", "https://evil.example", "/\\evil.example", "evil"])
    expect((await ask(desk, "/as", String(new URLSearchParams({ person: "person-sara", to })), own)).status, to).toBe(404);
});

it("starting over is asked for once, and the page comes back by itself", async () => {
  const { shown: _, ...desk } = await opened();
  const asked = desk.resetAsked();
  expect((await ask(desk, "/reset", "lang=ar", { origin: desk.url })).status).toBe(303);
  expect(await asked).toBe("reset");
  const { text } = await ask(desk, "/?lang=ar", null, {});
  expect(text).toContain(texts.ar.waiting);
  expect(text).toContain('http-equiv="refresh"');
});

it("there are ten things to try for each role, in both languages, each by somebody who is there", () => {
  for (const role of Object.keys(things) as Role[]) {
    expect(things[role].length, role).toBe(10);
    expect(people.map(({ sub }) => sub)).toContain(personOf[role]);
    for (const { key } of things[role]) for (const { thing } of Object.values(texts)) expect(thing[key], key).toBeTruthy();
  }
});
