import { createHmac } from "node:crypto";
import fc from "fast-check";
import type { Ask } from "./ask";
import { inHeader, json, text } from "./texts";

/** What a platform may tell, rightly signed mostly, and what is signed by nobody. */
export function webhookAsk(url: string, key: string): fc.Arbitrary<Ask> {
  const notice = fc.record({
    merchant_id: text,
    type: fc.oneof(fc.constant("oauth.authorization.revoked"), text),
    event_id: text,
    created_at: fc.oneof(fc.constant("2026-11-30T10:00:00Z"), text),
    data: fc.json({ maxDepth: 3 }),
  });
  const body = fc.oneof(
    json,
    notice.map((value) => JSON.stringify(value)),
  );
  return fc
    .tuple(
      body,
      fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: inHeader }),
      fc.constantFrom("square", "square", "square", "noon", "none"),
    )
    .map(([said, forged, slug]): Ask => {
      const sent = said.toWellFormed();
      const signature = createHmac("sha256", key).update(`${url}/api/webhooks/square${sent}`).digest("base64");
      return {
        surface: "webhooks",
        name: slug,
        who: "nobody",
        method: "POST",
        path: `/api/webhooks/${slug}`,
        headers: { "content-type": "application/json", "x-square-hmacsha256-signature": forged ?? signature },
        body: sent,
      };
    });
}
