import { openCluster } from "@/db/embedded";

// A process of its own that uses the cluster of the folder it is given, until it is told to leave (SIGTERM) or is killed.
const cluster = await openCluster({ root: process.argv[2] ?? "" });
const alive = setInterval(() => undefined, 60_000);
process.once("SIGTERM", () => {
  void cluster.leave().then(() => {
    clearInterval(alive);
    process.exit(0);
  });
});
process.stdout.write(`${JSON.stringify({ url: cluster.url })}\n`);
