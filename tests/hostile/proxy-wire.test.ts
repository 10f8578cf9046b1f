import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { BASE, useProxyWorld } from "./support/proxy-world";

const world = useProxyWorld();
const RUNS = Number(process.env.PROXY_TARGETS ?? 250);

const head = (target: string, more: readonly string[] = [], method = "GET") =>
  [`${method} ${target} HTTP/1.1`, "host: latchkey.test", `authorization: Bearer ${world.caller.token}`, ...more, "", ""].join("\r\n");
const path = (rest: string) => `/api/v1/proxy/${world.connectionId}${rest}`;

/** Nothing but the platform was called, below its own address, with the connection's access and no key of ours. */
function expectOnlyThePlatform() {
  expect(world.trap.connections()).toBe(0);
  for (const { url, headers } of world.asked) {
    expect(url === BASE || url.startsWith(`${BASE}/`) || url.startsWith(`${BASE}?`)).toBe(true);
    expect(headers.host).toEqual([expect.stringMatching(/^127\.0\.0\.1:\d+$/)]);
    expect(headers.authorization).toEqual([expect.stringMatching(/^Bearer CNRY-/)]);
    expect(JSON.stringify(headers)).not.toContain("lk_");
  }
}

afterEach(() => {
  expectOnlyThePlatform();
  world.asked.length = 0;
  world.platform((_request, response) => response.end("ok"));
});

describe("a request's target", () => {
  const piece = () => {
    const trap = `127.0.0.1:${world.trap.port}`;
    return fc.constantFrom(
      ...[
        "/",
        "//",
        "\\",
        "/\\",
        "/../",
        "/..",
        "/./",
        "/..;/",
        "%2e%2e",
        ".%2e",
        "%2f",
        "%2F%2F",
        "%5c",
        "%252e%252e%252f",
        "%c0%ae%c0%ae/",
      ],
      ...["%00", "%0d%0aHost:%20trap.example", "%09", "@", ":", ";", "#", "?", "?a=b", "&u=", "orders", "v2", "a%20b", "~", "[", "|", "é"],
      ...[trap, `//${trap}`, `http://${trap}`, `http:%2f%2f${trap}`, `@${trap}`, `\\\\${trap}\\`, `%2f%2f${trap}`, `user:pass@${trap}`],
    );
  };

  it.each(["/a/../b", "/a/%2e%2e/b", "/a/./b", "/a//b", "/a%5cb"])("%s is refused as it was written", async (written) => {
    const said = await world.say(head(path(written), ["connection: close"]), 2_000);
    expect(said).toMatch(/^HTTP\/1\.1 400 [\s\S]*latchkey-problem: bad_path/i);
    expect(world.asked).toEqual([]);
  });

  it("whatever is written there, reaches nothing but the platform's own API", async () => {
    const answered: Record<string, number> = {};
    const prefixes = [path(""), path("/"), `http://127.0.0.1:${world.trap.port}${path("/")}`, `http://latchkey.test${path("/")}`, "//", ""];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...prefixes), fc.array(piece(), { minLength: 1, maxLength: 6 }), async (prefix, pieces) => {
        const said = await world.say(head(`${prefix}${pieces.join("")}`, ["connection: close"]), 2_000);
        const status = /^HTTP\/1\.1 (\d{3})/.exec(said)?.[1] ?? "none";
        answered[status] = (answered[status] ?? 0) + 1;
        expect(status).toMatch(/^(200|400|404|none)$/);
        expect(world.trap.connections()).toBe(0);
      }),
      { numRuns: RUNS },
    );
    // Some came through and some did not, so it was the platform's own address that was asked for.
    expect(answered).toMatchObject({ 200: expect.any(Number), 400: expect.any(Number) });
    expect(world.asked).toHaveLength(answered["200"] ?? 0);
  });

  it("the Host that a caller names is not the platform's", async () => {
    const said = await world.say(head(path("/x"), ["connection: close"]).replace("latchkey.test", `127.0.0.1:${world.trap.port}`));
    expect(said).toMatch(/^HTTP\/1\.1 200/);
  });
});

describe("what a caller's headers may smuggle", () => {
  const smuggled = "GET /smuggled HTTP/1.1\r\nhost: x\r\n\r\n";

  it.each<[string, string[], string]>([
    ["a length and chunks", ["content-length: 4", "transfer-encoding: chunked"], `0\r\n\r\n${smuggled}`],
    ["chunks and a length", ["transfer-encoding: chunked", "content-length: 4"], `0\r\n\r\n${smuggled}`],
    ["two lengths", ["content-length: 0", `content-length: ${smuggled.length}`], smuggled],
    ["two lengths in one", [`content-length: 0, ${smuggled.length}`], smuggled],
    ["a length that is none", ["content-length: +4"], `abcd${smuggled}`],
    ["an encoding that is none", ["transfer-encoding: xchunked"], `0\r\n\r\n${smuggled}`],
    ["an encoding behind another", ["transfer-encoding: chunked, identity"], `0\r\n\r\n${smuggled}`],
    ["an encoding with a space before its colon", ["transfer-encoding : chunked", "content-length: 4"], `0\r\n\r\n${smuggled}`],
    ["an encoding behind a fold", ["x-fold: a", " transfer-encoding: chunked", "content-length: 4"], `0\r\n\r\n${smuggled}`],
    ["an encoding behind a lone line feed", ["x-a: b\ntransfer-encoding: chunked", "content-length: 4"], `0\r\n\r\n${smuggled}`],
    ["an encoding behind a lone carriage return", ["x-a: b\rtransfer-encoding: chunked", "content-length: 4"], `0\r\n\r\n${smuggled}`],
    ["a chunk longer than it says", ["transfer-encoding: chunked"], `2\r\nabcd\r\n0\r\n\r\n${smuggled}`],
    ["a chunk's extension", ["transfer-encoding: chunked"], `4;a=\r\n${smuggled}`],
    ["a header with a zero byte", ["x-a: b\0c"], ""],
  ])("%s", async (_, headers, body) => {
    const said = await world.say(`${head(path("/x"), [...headers, "connection: close"], "POST")}${body}`);
    expect(world.asked.filter(({ url }) => url !== `${BASE}/x`)).toEqual([]);
    expect(world.asked.length).toBeLessThanOrEqual(1);
    expect(said).not.toContain("smuggled");
    for (const { headers: came } of world.asked)
      expect([came["transfer-encoding"], came["content-length"]].filter(Boolean)).toHaveLength(1);
  });

  it.each<[string, string[]]>([
    ["our own", ["connection: close, authorization, host"]],
    ["named ones", ["connection: x-one, close", "x-one: 1", "x-two: 2"]],
    [
      "those between neighbours",
      ["keep-alive: timeout=5", "te: trailers", "upgrade: h2c", "proxy-connection: x", "trailer: x", "connection: close"],
    ],
    [
      "those of proxies",
      ["forwarded: for=1.2.3.4", "x-forwarded-host: trap.example", "x-real-ip: 1.2.3.4", "via: 1.1 x", "connection: close"],
    ],
    ["other ways to an address", ["x-original-url: /admin", "x-rewrite-url: /admin", "connection: close"]],
    ["cookies", ["cookie: a=b", "cookie2: x", "connection: close"]],
    ["waiting first", ["expect: 100-continue", "connection: close"]],
  ])("headers that stay here: %s", async (_, headers) => {
    expect(await world.say(head(path("/x"), headers))).toMatch(/HTTP\/1\.1 200/);
    const names = world.asked.flatMap(({ headers: came }) => Object.keys(came)).sort();
    expect(names).toEqual(["authorization", "connection", "host", ...(headers.includes("x-two: 2") ? ["x-two"] : [])]);
  });

  it("two keys are none", async () => {
    const said = await world.say(head(path("/x"), ["authorization: Bearer other", "connection: close"]));
    expect([said.slice(9, 12), world.asked]).toEqual(["401", []]);
  });

  it("two requests on one connection are two calls, each its own", async () => {
    world.platform((request, response) => response.end(`of ${request.url}\n`));
    const said = await world.say(head(path("/one")) + head(path("/two"), ["connection: close"]));
    expect([...said.matchAll(/of (\S+)/g)].map(([, url]) => url)).toEqual([`${BASE}/one`, `${BASE}/two`]);
  });
});

describe("what a platform's answer may do", () => {
  it.each([301, 302, 303, 307, 308])("%i to anywhere is passed on, and nobody goes there", async (status) => {
    const location = `http://127.0.0.1:${world.trap.port}/`;
    world.platform((_request, response) => response.writeHead(status, { location }).end());
    const said = await world.say(head(path("/x"), ["connection: close"], "POST"));
    expect([said.slice(9, 12), /location: (\S+)/i.exec(said)?.[1]]).toEqual([String(status), location]);
    expect(world.asked).toHaveLength(1);
  });

  it("its cookies, its word to browsers and what is between neighbours stay behind", async () => {
    world.platform((_request, response) =>
      response
        .writeHead(200, {
          "set-cookie": ["a=1", "b=2"],
          "strict-transport-security": "max-age=1",
          "alt-svc": 'h2="trap.example:443"',
          "clear-site-data": '"*"',
          "access-control-allow-origin": "*",
          "content-security-policy": "default-src *",
          "cache-control": "public, max-age=9",
          "keep-alive": "timeout=77",
          connection: "x-hop",
          "x-hop": "1",
          "latchkey-problem": "paced",
          "latchkey-generation": "99",
          "x-kept": "1",
        })
        .end("<script>"),
    );
    const said = await world.say(head(path("/x"), ["connection: close"]));
    const names = [...(said.split("\r\n\r\n")[0]?.matchAll(/^([\w-]+):/gm) ?? [])].map(([, name]) => name?.toLowerCase());
    expect(names.sort()).toEqual(
      ["cache-control", "connection", "content-security-policy", "content-type", "date", "latchkey-generation", "transfer-encoding"]
        .concat(["ratelimit", "ratelimit-policy", "x-content-type-options", "x-kept"])
        .sort(),
    );
    expect(said).toMatch(/cache-control: no-store/i);
    expect(said).not.toMatch(/latchkey-generation: 99|timeout=77|a=1/);
  });
});
