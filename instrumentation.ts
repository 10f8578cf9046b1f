/** Next calls this once when a server starts (never during a build): configuration, database and worker come up before the first page. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME === "nodejs") {
    const { startOrExit } = await import("@/lib/start-latchkey");
    await startOrExit();
  }
}
