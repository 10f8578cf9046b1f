import { readFileSync } from "node:fs";
import { openCluster } from "./embedded";

export interface Located {
  url: string;
  /** Gives up this process's claim on the embedded cluster, where it is that. */
  leave?: () => Promise<void>;
}

function configuredUrl(): string | undefined {
  const file = process.env.DATABASE_URL_FILE;
  return process.env.DATABASE_URL?.trim() || (file ? readFileSync(file, "utf8").trim() : undefined) || undefined;
}

/** Where this installation's database is: DATABASE_URL (or DATABASE_URL_FILE), or the embedded cluster in ./.latchkey, which is started or joined. */
export async function locate(): Promise<Located> {
  const url = configuredUrl();
  return url === undefined ? openCluster({ root: process.cwd() }) : { url };
}
