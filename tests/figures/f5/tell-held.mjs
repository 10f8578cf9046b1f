// Loaded into the product before its server: asked by a signal, it says what it still holds once all is swept away that nobody needs.
import { setTimeout as sleep } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
const sweep = runInNewContext("gc");

process.on("SIGUSR2", async () => {
  sweep();
  // What the first one found is given back meanwhile.
  await sleep(100);
  sweep();
  const { heapUsed, external } = process.memoryUsage();
  process.stdout.write(`held: ${heapUsed + external}\n`);
});
