import { ProviderError } from "@/lib/providers/provider-error";
import type { Simulator } from "./simulator";

/** What may go wrong on the way; `calls` limits it to the first n matching calls, `match` to paths that contain it. */
export type Fault = { match?: string; calls?: number } & (
  | { kind: "status"; status: number; headers?: Record<string, string>; body?: string }
  | { kind: "html" }
  | { kind: "unreachable" }
  | { kind: "reset-after-issuing" }
  | { kind: "slow"; ms: number }
  | { kind: "body"; body: string; status?: number; headers?: Record<string, string> }
);

/** Wraps a simulator's `handle` as a provider's `io.fetch` sees it: the faults in `list` are used up in order. `reset-after-issuing` does the work and loses the answer. */
export function withFaults(simulator: Simulator, list: Fault[]): (request: Request) => Promise<Response> {
  return async (request) => {
    const path = new URL(request.url).pathname;
    const index = list.findIndex((fault) => !fault.match || path.includes(fault.match));
    const fault = list[index];
    if (!fault) return simulator.handle(request);
    if (fault.calls !== undefined) {
      fault.calls -= 1;
      if (fault.calls <= 0) list.splice(index, 1);
    }
    switch (fault.kind) {
      case "status":
        return new Response(fault.body ?? "", { status: fault.status, headers: fault.headers });
      case "html":
        return new Response("<html><body>Welcome to the airport Wi-Fi</body></html>", {
          status: 200,
          headers: { "content-type": "text/html" },
        });
      case "body":
        return new Response(fault.body, { status: fault.status ?? 200, headers: { "content-type": "application/json", ...fault.headers } });
      case "unreachable":
        throw new ProviderError("transient", "unreachable");
      case "reset-after-issuing":
        await simulator.handle(request);
        throw new ProviderError("doubt", "no_whole_answer");
      case "slow":
        await new Promise((resolve) => setTimeout(resolve, fault.ms));
        return simulator.handle(request);
    }
  };
}
