import { countPlatformCall } from "./metrics";
import { traced } from "./trace";

/** One call to a platform: a span, and a count by the class of its answer. Nothing of its address or of what it says is kept. */
export async function observedCall<T extends { status: number }>(offer: string, method: string, call: () => Promise<T>): Promise<T> {
  const begun = performance.now();
  let status: number | null = null;
  try {
    const response = await traced("platform_call", { offer, method }, call, (answer) => String(answer.status));
    status = response.status;
    return response;
  } finally {
    countPlatformCall(offer, status, (performance.now() - begun) / 1_000);
  }
}
