import type { SquareWebhooks } from "@/tests/simulators/square-webhooks";

/** Carries what the simulated Square has to tell to the product, as Square would by itself, until the answer is called. */
export function carryNotices(webhooks: SquareWebhooks, everyMs = 300): () => Promise<void> {
  let carrying: Promise<unknown> = Promise.resolve();
  let busy = false;
  const timer = setInterval(() => {
    if (busy) return;
    busy = true;
    carrying = webhooks
      .deliver((request) => fetch(request))
      .finally(() => {
        busy = false;
      });
  }, everyMs);
  return async () => {
    clearInterval(timer);
    await carrying;
  };
}
