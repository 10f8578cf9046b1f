import ipaddr from "ipaddr.js";

/** Public by its number, and every Azure machine's own host: it hands out that machine's secrets. */
const AZURE_HOST = "168.63.129.16";
const GLOBAL_V6 = ipaddr.IPv6.parse("2000::");

/** Whether a resolved address may be connected to: public unicast, or loopback where that is allowed. */
export function mayConnect(address: string, allowLoopback: boolean): boolean {
  if (!ipaddr.isValid(address) || address.includes("%")) return false;
  const parsed = ipaddr.process(address);
  const range = parsed.range();
  if (range === "loopback") return allowLoopback;
  // Outside 2000::/3 nothing of IPv6 is public, whatever its range is called.
  if (parsed.kind() === "ipv6" && !parsed.match(GLOBAL_V6, 3)) return false;
  return range === "unicast" && parsed.toString() !== AZURE_HOST;
}
