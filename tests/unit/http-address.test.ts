import type { LookupAddress } from "node:dns";
import { describe, expect, it } from "vitest";
import { type HttpOptions, makeFetch } from "@/lib/http";
import { mayConnect } from "@/lib/public-address";
import { addressForms } from "@/tests/support/address-forms";
import { failureOf, SECRET } from "@/tests/support/http-failure";
import { rawServer } from "@/tests/support/raw-server";

type Lookup = NonNullable<HttpOptions["lookup"]>;

const at = (...addresses: string[]): LookupAddress[] => addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));
const trap = await rawServer({ answer: (socket) => socket.end("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n") });
const never: Lookup = () => {
  throw new Error("Nobody may be asked for an address.");
};

describe("S-93 hosts that are refused before anybody is asked", () => {
  const outside = makeFetch({ allowLoopback: false, lookup: never });
  it.each(addressForms)("%s", async (host) =>
    expect(await failureOf(outside(`https://${host}/${SECRET}`))).toMatch(/^operator (address|url)_not_allowed$/),
  );
});

describe("S-91 addresses that are refused as they are written", () => {
  const outside = makeFetch({ allowLoopback: false, lookup: never });
  it.each([
    "http://platform.example/",
    "https://user@platform.example/",
    "https://user:word@platform.example/",
    "https://:word@platform.example/",
    "https://platform.example:80/",
    "https://platform.example:22/",
    "https://platform.example:8080/",
    "https://platform.example:5432/",
    "https://platform.example/#fragment",
    "ftp://platform.example/",
    "file:///etc/passwd",
    "data:text/plain,x",
    "gopher://platform.example/",
    "ws://platform.example/",
    "//platform.example/",
    "platform.example",
    "",
    "https://",
    "https://[::1",
    "https://300.300.300.300/",
    "http://localhost/",
    "http://127.0.0.1/",
  ])("%s", async (url) => expect(await failureOf(outside(url))).toBe("operator url_not_allowed"));
});

describe("S-91 names are judged by every address they have, when the connection is made", () => {
  it.each([
    ["loopback", at("127.0.0.1")],
    ["IPv6 loopback", at("::1")],
    ["public, then private", at("8.8.8.8", "10.0.0.1")],
    ["private, then public", at("192.168.1.1", "8.8.8.8")],
    ["public IPv4 with private IPv6", at("8.8.8.8", "fd00::1")],
    ["a mapped address", at("::ffff:169.254.169.254")],
    ["NAT64", at("64:ff9b::a9fe:a9fe")],
    ["a zone", at("fe80::1%lo")],
    ["nothing", []],
    ["no address at all", at("localhost")],
  ])("%s is refused", async (_, addresses) => {
    const outside = makeFetch({ allowLoopback: false, lookup: (_host, _how, callback) => callback(null, addresses) });
    for (const host of ["platform.example", "localhost", "localhost.", "LOCALHOST"])
      expect(await failureOf(outside(`https://${host}/${SECRET}`))).toBe("operator address_not_allowed");
  });

  it("even where loopback is allowed, loopback beside a private address is not", async () => {
    const outside = makeFetch({ allowLoopback: true, lookup: (_host, _how, callback) => callback(null, at("127.0.0.1", "10.0.0.1")) });
    expect(await failureOf(outside(`http://localhost:${trap.port}/`))).toBe("operator address_not_allowed");
    expect(trap.connections()).toBe(0);
  });

  it("a name that changes its address between calls is judged again each time", async () => {
    const answers = [at("127.0.0.1"), at("10.0.0.1"), at("127.0.0.1")];
    const asked: string[] = [];
    const lookup: Lookup = (host, _how, callback) => {
      asked.push(host);
      callback(null, answers.shift() ?? []);
    };
    const outside = makeFetch({ allowLoopback: true, lookup });
    const url = `http://localhost:${trap.port}/`;
    expect((await outside(url)).status).toBe(200);
    expect(await failureOf(outside(url))).toBe("operator address_not_allowed");
    expect((await outside(url)).status).toBe(200);
    expect(asked).toHaveLength(3);
    expect(trap.connections()).toBe(2);
  });
});

describe("what may be reached", () => {
  it.each([
    "8.8.8.8",
    "1.1.1.1",
    "172.32.0.1",
    "100.128.0.1",
    "169.253.0.1",
    "198.20.0.1",
    "2606:4700::1111",
    "2a00:1450:4001::1",
    "::ffff:8.8.8.8",
  ])("%s", (address) => expect(mayConnect(address, false)).toBe(true));
  it.each(["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"])("%s where loopback is allowed", (address) =>
    expect([mayConnect(address, false), mayConnect(address, true)]).toEqual([false, true]),
  );
});

describe("A17: a demo reaches nothing beyond its own machine", () => {
  const demo = (lookup: Lookup) => makeFetch({ allowLoopback: true, onlyLoopback: true, lookup });

  it("refuses public addresses, written or looked up", async () => {
    expect(await failureOf(demo(never)("https://8.8.8.8/"))).toBe("operator address_not_allowed");
    expect(await failureOf(demo((_, __, done) => done(null, at("8.8.8.8")))("https://platform.example/"))).toBe(
      "operator address_not_allowed",
    );
    expect(await failureOf(demo((_, __, done) => done(null, at("127.0.0.1", "8.8.8.8")))("https://platform.example/"))).toBe(
      "operator address_not_allowed",
    );
  });

  it("still calls its own platforms", async () => {
    expect((await demo((_, __, done) => done(null, at("127.0.0.1")))(`http://localhost:${trap.port}/`)).status).toBe(200);
  });
});
