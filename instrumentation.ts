/** Next calls this once when a server starts (never during a build): configuration, database and worker come up before the first page. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const { startLatchkey } = await import("@/lib/start-latchkey");
  try {
    await startLatchkey();
  } catch (error) {
    const { ConfigurationError } = await import("@/lib/errors");
    process.stderr.write(`${error instanceof ConfigurationError || error instanceof Error ? error.message : "Latchkey could not start."}\n`);
    process.exit(1);
  }
}
