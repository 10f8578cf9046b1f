import { Hono } from "hono";
import { database } from "@/db/client";
import { readClock } from "@/db/read-clock";
import { env } from "@/lib/env";

/** Ready: the database answers, and this is no demo, which nobody's traffic may be sent to. Says nothing about versions or numbers. */
export const readiness = new Hono().get("/health", async (context) => {
  context.header("Cache-Control", "no-store");
  try {
    await readClock(database());
    if (env().LATCHKEY_DEMO) return context.json({ status: "demo" }, 503);
    return context.json({ status: "ready" });
  } catch {
    return context.json({ status: "unavailable" }, 503, { "Retry-After": "5" });
  }
});
