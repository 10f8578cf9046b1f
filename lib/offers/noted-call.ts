import { ProviderError } from "@/lib/providers/provider-error";
import { noteCall } from "./call-counts";
import type { Offer } from "./offer";

/** Counts one call by whether the platform did its part: no whole answer, or one that says that it is broken, is none. */
export async function notedCall({ slug, stored }: Offer, method: string, call: () => Promise<Response>): Promise<Response> {
  // Our client is named to the platform wherever something is posted to it.
  const secretId = method === "POST" ? (stored?.secretId ?? null) : null;
  try {
    const response = await call();
    noteCall(slug, response.status >= 500, secretId);
    return response;
  } catch (error) {
    // An address that we do not call is our own matter.
    const theirs = error instanceof ProviderError && error.trouble !== "operator";
    if (theirs) noteCall(slug, true, secretId);
    throw error;
  }
}
