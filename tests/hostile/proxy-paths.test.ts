import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { targetOf } from "@/lib/proxy/target";

const BASES = ["https://shop.example", "https://shop.example/", "https://shop.example/rest/v2", "https://shop.example:8443/a%20b/"];
const RUNS = Number(process.env.PROXY_PATHS ?? 2_000);

/** The target of a path as an HTTP client would write it; null where it is refused. */
function target(base: string, path: string, search = ""): string | null {
  try {
    return targetOf(base, path, search);
  } catch (error) {
    expect(error).toMatchObject({ code: "bad_path", status: 400 });
    return null;
  }
}

/** What a path is to the laxest of servers: everything unpacked as often as it goes, backslashes taken for slashes, parameters left out. */
function laxly(path: string): string[] {
  let read = path;
  for (let round = 0; round < 10; round += 1)
    read = read
      .replace(/%(?:c0%ae|e0%80%ae)/gi, ".")
      .replace(/%(?:c0%af|c1%9c)/gi, "/")
      .replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return read
    .replaceAll("\\", "/")
    .split("/")
    .map((segment) => segment.split(";")[0] ?? "");
}

const piece = fc.oneof(
  fc.constantFrom(
    ...[
      "/",
      "//",
      "///",
      "\\",
      "/\\",
      "..",
      ".",
      "/../",
      "/./",
      "/..;/",
      "..;x=1",
      "%2e",
      "%2E%2e",
      ".%2e",
      "%2f",
      "%2F%2F",
      "%5c",
      "%5C%5c",
    ],
    ...[
      "%252e%252e%252f",
      "%25252e",
      "%c0%ae",
      "%c0%af",
      "%e0%80%ae",
      "%ff",
      "%",
      "%2",
      "%zz",
      "%00",
      "%0d%0aHost:%20trap.example",
      "%0a",
      "%09",
    ],
    ...[
      "@trap.example",
      "trap.example",
      ":443",
      "https:",
      "http://trap.example",
      "https%3a%2f%2ftrap.example",
      "user:pass@",
      "#",
      "?",
      "?a=b",
      " ",
    ],
    ...[
      "\r\n",
      "\t",
      "\u0000",
      "%u002e",
      "متجر",
      "%D9%85",
      "．．",
      "／",
      "。",
      "orders",
      "v2",
      "items.json",
      "a%20b",
      "~",
      "*",
      "|",
      "'",
      "[",
      "]",
    ],
  ),
  fc.string({ unit: "grapheme", maxLength: 4 }),
);

describe("whatever is written in a path", () => {
  it("every call goes to the platform's own origin, below its own address, however often a server unpacks it", () => {
    fc.assert(
      fc.property(fc.constantFrom(...BASES), fc.array(piece, { maxLength: 8 }), fc.boolean(), (base, pieces, slash) => {
        const raw = `${slash ? "/" : ""}${pieces.join("")}`;
        const called = target(base, raw);
        if (called === null) return;
        const [read, own] = [new URL(called), new URL(base)];
        const below = own.pathname.replace(/\/+$/, "");
        expect(read.origin).toBe(own.origin);
        expect([read.username, read.password, read.hash]).toEqual(["", "", ""]);
        expect(read.pathname === below || read.pathname.startsWith(`${below}/`) || read.pathname === "/").toBe(true);
        expect(laxly(read.pathname.slice(below.length))).not.toContain("..");
        expect(called).toMatch(/^[!-~]+$/);
      }),
      { numRuns: RUNS },
    );
  });

  it("as our own listener reads it: what was left of it is below the platform's address, or it was not for the proxy", () => {
    fc.assert(
      fc.property(fc.constantFrom(...BASES), fc.array(piece, { maxLength: 8 }), (base, pieces) => {
        const asked = `http://latchkey.test/api/v1/proxy/con_1/${pieces.join("")}`;
        if (!URL.canParse(asked)) return;
        const { pathname, search } = new URL(asked);
        const path = /^\/api\/v1\/proxy\/con_1(\/.*)?$/.exec(pathname);
        if (!path) return;
        const called = target(base, path[1] ?? "", search);
        if (called !== null) expect(new URL(called).origin).toBe(new URL(base).origin);
      }),
      { numRuns: RUNS },
    );
  });

  it.each([
    "/..",
    "/../admin",
    "/a/../../b",
    "/%2e%2e/admin",
    "/%2E%2E%2Fadmin",
    "/.%2e/x",
    "/%252e%252e/x",
    "/a%5c..%5cb",
    "/a\\b",
    "//trap.example/x",
    "/a//b",
    "/..;/admin",
    "/%c0%ae%c0%ae/x",
    "/x%00",
    "/x%0d%0aHost:%20trap.example",
    "/%zz",
    "/x#fragment",
    "/x?query",
    "@trap.example",
    ".trap.example",
    "https://trap.example/",
    ":8443/",
  ])("refused: %s", (path) => {
    for (const base of BASES) expect(target(base, path)).toBeNull();
  });

  it.each([
    ["", "https://shop.example/rest/v2"],
    ["/", "https://shop.example/rest/v2/"],
    ["/order/orders/DEMO-1", "https://shop.example/rest/v2/order/orders/DEMO-1"],
    ["/files/a%2Fb", "https://shop.example/rest/v2/files/a%2Fb"],
    ["/sites/https%3A%2F%2Fshop.example%2F", "https://shop.example/rest/v2/sites/https%3A%2F%2Fshop.example%2F"],
    ["/a.b/..c/d..", "https://shop.example/rest/v2/a.b/..c/d.."],
    ["/%D9%85%D8%AA%D8%AC%D8%B1", "https://shop.example/rest/v2/%D9%85%D8%AA%D8%AC%D8%B1"],
    ["/100%25", "https://shop.example/rest/v2/100%25"],
    ["/@me/a:b", "https://shop.example/rest/v2/@me/a:b"],
  ])("as it is written: %s", (path, wanted) => {
    expect(target("https://shop.example/rest/v2/", path)).toBe(wanted);
  });

  it("the query is passed on as it is written", () => {
    expect(target("https://shop.example", "/a", "?next=..%2F..&u=https://trap.example/&x=%0d%0a")).toBe(
      "https://shop.example/a?next=..%2F..&u=https://trap.example/&x=%0d%0a",
    );
  });
});
