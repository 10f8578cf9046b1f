import ipaddr from "ipaddr.js";

/** Ranges that ipaddr.js calls unicast and that are still nobody's public host. */
const EXTRA: [ipaddr.IPv4 | ipaddr.IPv6, number][] = [
  [ipaddr.IPv4.parse("198.18.0.0"), 15],
  [ipaddr.IPv4.parse("192.0.0.0"), 24],
  [ipaddr.IPv6.parse("64:ff9b::"), 96],
  [ipaddr.IPv6.parse("64:ff9b:1::"), 48],
  [ipaddr.IPv6.parse("2001:db8::"), 32],
];

/** Whether a resolved address may be connected to: public unicast, or loopback where that is allowed. */
export function mayConnect(address: string, allowLoopback: boolean): boolean {
  if (!ipaddr.isValid(address) || address.includes("%")) return false;
  const parsed = ipaddr.process(address);
  const range = parsed.range();
  if (range === "loopback") return allowLoopback;
  return range === "unicast" && !EXTRA.some(([net, bits]) => net.kind() === parsed.kind() && parsed.match(net, bits));
}
