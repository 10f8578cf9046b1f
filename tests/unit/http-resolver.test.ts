import { afterAll, expect, it } from "vitest";
import { makeFetch } from "@/lib/http";
import { type Answers, dnsStub } from "@/tests/support/dns-stub";
import { failureOf } from "@/tests/support/http-failure";
import { rawServer } from "@/tests/support/raw-server";
import { resolveWith } from "@/tests/support/resolve-with";

const trap = await rawServer({ answer: (socket) => socket.end("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n") });
const LOOPBACK = "127.0.0.1";
/** A test network's, where nobody answers; it is never called because of whoever stands beside it. */
const PUBLIC = "8.8.8.8";

const names: Record<string, Answers> = {
  "good.test": () => [LOOPBACK],
  "rebinding.test": (_, asked) => [asked === 0 ? LOOPBACK : "10.0.0.1"],
  "private-second.test": () => [LOOPBACK, "192.168.0.1"],
  "private-first.test": () => ["169.254.169.254", LOOPBACK],
  "mixed.test": () => [LOOPBACK, "fd00::1"],
  "mapped.test": () => ["::ffff:10.0.0.1"],
  "translated.test": () => ["64:ff9b::a00:1"],
  "public-and-loopback.test": () => [PUBLIC, LOOPBACK],
  "nobody.test": () => [],
};
const stub = await dnsStub((name, asked) => names[name]?.(name, asked) ?? []);
const lookup = resolveWith(stub.port);
afterAll(() => stub.close());

const here = makeFetch({ allowLoopback: true, lookup });
const outside = makeFetch({ allowLoopback: false, lookup });
/** Where loopback is allowed, only it may be called without TLS, by the name that it has: so the trap stands behind "localhost". */
const at = (name: string) => `https://${name}:8443/`;

it.each(["private-second", "private-first", "mixed", "mapped", "translated", "public-and-loopback"])(
  "S-91: a name server's answer %s is refused whole, and nobody is called",
  async (name) => {
    expect(await failureOf(outside(at(`${name}.test`)))).toBe("operator address_not_allowed");
    expect(trap.connections()).toBe(0);
  },
);

it("S-91: a name that is rebound between two calls is refused the second time", async () => {
  // Nobody listens there: the first call is allowed and finds no one, the second is not made.
  expect(await failureOf(here(at("rebinding.test")))).toBe("transient unreachable");
  expect(await failureOf(here(at("rebinding.test")))).toBe("operator address_not_allowed");
});

it("S-91: a name without any address is not reached, and each call asks anew", async () => {
  const before = stub.asked.length;
  expect(await failureOf(outside(at("nobody.test")))).toBe("transient unreachable");
  expect(await failureOf(here(at("good.test")))).toBe("transient unreachable");
  expect(await failureOf(outside(at("good.test")))).toBe("operator address_not_allowed");
  expect(stub.asked.slice(before).filter((one) => one === "A good.test")).toHaveLength(2);
});
