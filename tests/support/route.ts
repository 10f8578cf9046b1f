import { connect, type Socket } from "node:net";
import { join } from "node:path";

const NEON = ".neon.tech";

export const isNeon = (address: string) => new URL(address).hostname.endsWith(NEON);

/** A server's address as if Neon kept it, which makes the product take Neon's driver. The bridge takes the suffix off again. */
export function neonAddress(plain: string): string {
  const url = new URL(plain);
  url.hostname += NEON;
  return url.href;
}

/** What node-postgres connects to when it shall reach the same database. */
export function plainAddress(address: string): string {
  const url = new URL(address);
  if (url.hostname.endsWith(NEON)) url.hostname = url.hostname.slice(0, -NEON.length);
  return url.href;
}

/** The same database by the same driver, by way of something that listens on that port here. */
export function byWayOf(port: number, address: string): string {
  const url = new URL(plainAddress(address));
  url.hostname = "127.0.0.1";
  url.port = String(port);
  url.searchParams.delete("host");
  return isNeon(address) ? neonAddress(url.href) : url.href;
}

/** A bare connection to the server, for what stands between. */
export function serverSocket(address: string): Socket {
  const url = new URL(plainAddress(address));
  const port = url.port || "5432";
  const folder = url.searchParams.get("host");
  return folder ? connect(join(folder, `.s.PGSQL.${port}`)) : connect(Number(port), url.hostname);
}
