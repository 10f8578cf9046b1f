import { Hono } from "hono";
import { hasBearer } from "@/lib/bearer";
import { env } from "@/lib/env";
import { type ServiceHealth, serviceHealth } from "@/lib/health/service-health";
import { scrape } from "./scrape";

/** What machines that watch over this process may ask. One handler, for Next's routes and for a process without pages. */
export const monitoring = new Hono().basePath("/api");

const SERVING: ReadonlySet<ServiceHealth["status"]> = new Set(["ready", "degraded"]);

monitoring.use(async (context, next) => {
  await next();
  context.header("Cache-Control", "no-store");
});

/** The process answers: there is nothing that starting it anew would mend. */
monitoring.get("/health/live", (context) => context.json({ status: "live" }));

/** Whether requests may be sent here. A silent worker is no reason against it: its pages are the ones that say so. */
monitoring.get("/health/ready", async (context) => {
  const { status } = await serviceHealth();
  if (SERVING.has(status)) return context.json({ status: "ready" });
  return context.json({ status }, 503, { "Retry-After": "5" });
});

/**
 * The same for people and alarms, with its parts. A silent worker is `degraded` and still 200: tokens that are good are served as ever, and a
 * load balancer that took every process out for it would make an outage of a delay.
 */
monitoring.get("/health", async (context) => {
  const health = await serviceHealth();
  if (SERVING.has(health.status)) return context.json(health);
  return context.json(health, 503, { "Retry-After": "5" });
});

/** For Prometheus. Without a token in the configuration there is nothing here. */
monitoring.get("/metrics", async (context) => {
  const token = env().LATCHKEY_METRICS_TOKEN;
  if (!token) return problem(404, "Not found", "not_found");
  if (!hasBearer(context.req.header("authorization"), token))
    return problem(401, "Unauthorized", "unauthorized", { "WWW-Authenticate": "Bearer" });
  const { text, type } = await scrape();
  return context.body(text, 200, { "Content-Type": type });
});

monitoring.notFound(() => problem(404, "Not found", "not_found"));

function problem(status: number, title: string, code: string, more: Record<string, string> = {}): Response {
  const headers = { "Content-Type": "application/problem+json", ...more };
  return Response.json({ type: "about:blank", title, status, code }, { status, headers });
}
