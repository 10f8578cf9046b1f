import { Hono } from "hono";
import { database } from "@/db/client";
import { readClock } from "@/db/read-clock";
import { env } from "@/lib/env";

/** The backends' API: one handler, mounted on the plain listener by server.ts and in a Next route for servers without it. */
export const api = new Hono().basePath("/api/v1");

/** Ready: the database answers, and this is no demo, which nobody's traffic may be sent to. Says nothing about versions or numbers. */
api.get("/health", async (context) => {
  context.header("Cache-Control", "no-store");
  try {
    await readClock(database());
    if (env().LATCHKEY_DEMO) return context.json({ status: "demo" }, 503);
    return context.json({ status: "ready" });
  } catch {
    return context.json({ status: "unavailable" }, 503, { "Retry-After": "5" });
  }
});

api.notFound(() =>
  Response.json(
    { type: "about:blank", title: "Not found", status: 404, code: "not_found" },
    { status: 404, headers: { "Content-Type": "application/problem+json" } },
  ),
);
