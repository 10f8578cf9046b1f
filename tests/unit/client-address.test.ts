import { expect, test } from "vitest";
import { addressOf, clientAddress, withClientAddress } from "@/lib/client-address";

test.each([
  ["no proxy of ours: the socket, whatever a header says", "203.0.113.7", "198.51.100.1", 0, "203.0.113.7"],
  ["an IPv4 address as IPv6 sockets write it", "::ffff:203.0.113.7", undefined, 0, "203.0.113.7"],
  ["one proxy: the last entry, which is its own", "10.0.0.1", "6.6.6.6, 203.0.113.7", 1, "203.0.113.7"],
  ["two proxies: the last but one", "10.0.0.1", "6.6.6.6, 203.0.113.7, 10.0.0.2", 2, "203.0.113.7"],
  ["fewer entries than proxies", "10.0.0.1", "203.0.113.7", 2, null],
  ["no header", "10.0.0.1", undefined, 1, null],
  ["something that is no address", "10.0.0.1", "unknown", 1, null],
  ["IPv6", "2001:db8::7", undefined, 0, "2001:db8::7"],
  ["a socket that is gone", undefined, undefined, 0, null],
] as const)("%s", (_name, socket, forwarded, proxies, address) => expect(addressOf(socket, forwarded, proxies)).toBe(address));

test("it is known while that request is answered, and to no other", async () => {
  const seen = await Promise.all(["203.0.113.7", null].map((address) => withClientAddress(address, async () => clientAddress())));
  expect(seen).toEqual(["203.0.113.7", null]);
  expect(clientAddress()).toBeNull();
});
