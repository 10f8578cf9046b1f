import { type Received, receiveNotice } from "@/lib/connections/receive-notice";
import { failureOf } from "@/lib/failure";
import { log, withCorrelation } from "@/lib/log";

type Context = { params: Promise<{ provider: string }> };

const statuses: Record<Received, number> = { done: 200, unknown: 404, refused: 401, too_large: 413, full: 503 };

/** What a platform tells by itself. It comes from a server, so there is no Origin to check: its signature is what counts. */
export async function POST(request: Request, { params }: Context): Promise<Response> {
  const slug = (await params).provider;
  const status = await withCorrelation(() =>
    receiveNotice(slug, request).then(
      (received) => statuses[received],
      (error: unknown) => {
        log.error("notice_not_kept", error, { offer: slug });
        return failureOf(error).status;
      },
    ),
  );
  return new Response(null, { status, headers: { "cache-control": "no-store", ...(status === 503 && { "retry-after": "60" }) } });
}
