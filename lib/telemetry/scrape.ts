import { log } from "@/lib/log";
import { within } from "@/lib/within";
import { metrics } from "./metrics";
import { readStanding, standingText } from "./standing";

const LONGEST_MS = 5_000;

/** Prometheus' text about this process and the database. Where that is down it says so, and the process's own numbers are there. */
export async function scrape(): Promise<{ text: string; type: string }> {
  const readings = await within(LONGEST_MS, readStanding()).catch((error: unknown) => {
    log.error("metrics_incomplete", error);
    return null;
  });
  const { registry } = metrics();
  return { text: `${await registry.metrics()}\n${await standingText(readings)}`, type: registry.contentType };
}
