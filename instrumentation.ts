import type { Instrumentation } from "next";

/** Next calls this once when a server starts (never during a build): configuration, database and worker come up before the first page. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME === "nodejs") {
    const { startOrExit } = await import("@/lib/start-latchkey");
    await startOrExit();
  }
}

/** A line of our own for what breaks in a page or an action: the person is shown its `digest` or its `ref`. The address may hold a code, so it is left out. */
export const onRequestError: Instrumentation.onRequestError = async (error, request, { routePath, routeType, renderSource }) => {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const [{ log }, { entryNote }] = await Promise.all([import("@/lib/log"), import("@/lib/entry")]);
  const digest = error instanceof Error && "digest" in error ? String(error.digest) : undefined;
  // Given up before any action or handler was begun, and no page either: app/bare-answer.ts says the same of the answer.
  const beforePages = renderSource === undefined || renderSource === "react-server-components-payload";
  if (request.method === "POST" && routeType !== "route" && beforePages && entryNote()?.entered === false)
    return log.warn("action_unreadable", { route: routePath, digest });
  log.error("request_failed", error, { route: routePath, kind: routeType, digest });
};
