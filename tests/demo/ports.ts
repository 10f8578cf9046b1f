import { createServer } from "node:net";
import { join } from "node:path";
import { freePort } from "@/tests/support/free-port";
import { readState, writeWhole } from "./keep-state";
import { type Ports, places } from "./world";

export type DemoPorts = Ports & { desk: number };

const FIRST: DemoPorts = { identity: 4100, noon: 4101, norce: 4102, ultracart: 4103, square: 4104, oauth2: 4105, desk: 4106 };

/** Whether nobody listens there, neither by IPv4 nor by IPv6: a browser tries both for localhost. */
async function isFree(port: number): Promise<boolean> {
  for (const host of ["127.0.0.1", "::1"]) {
    const refused = await new Promise<string | undefined>((resolve) => {
      const server = createServer();
      server.once("error", (error: NodeJS.ErrnoException) => resolve(error.code));
      server.listen(port, host, () => server.close(() => resolve(undefined)));
    });
    if (refused === "EADDRINUSE" || refused === "EACCES") return false;
  }
  return true;
}

/** The product's port: the wanted one or null when it is taken; without a wish 3000 or one of the next that is free. */
export async function productPort(wanted: number | null): Promise<number | null> {
  if (wanted !== null) return (await isFree(wanted)) ? wanted : null;
  for (let port = 3000; port < 3020; port += 1) if (await isFree(port)) return port;
  return freePort();
}

/**
 * The world's ports, the same on every run as long as they are free: what a platform issued names its address. A `desk` that is there
 * already stays where it is.
 */
export async function worldPorts(stateDir: string, desk: number | null): Promise<DemoPorts> {
  const ports: DemoPorts = { ...FIRST, ...readState<Partial<DemoPorts>>(portsFile(stateDir)) };
  for (const id of places) if (!(await isFree(ports[id]))) ports[id] = await freePort();
  ports.desk = desk ?? ((await isFree(ports.desk)) ? ports.desk : await freePort());
  keepPorts(stateDir, ports);
  return ports;
}

const portsFile = (stateDir: string) => join(stateDir, "ports.json");

export function keepPorts(stateDir: string, ports: DemoPorts): void {
  writeWhole(portsFile(stateDir), JSON.stringify(ports));
}

export const isTaken = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === "EADDRINUSE";
