import { api } from "@/lib/api/app";
import { addressOf, withClientAddress } from "@/lib/client-address";
import { env } from "@/lib/env";

export const dynamic = "force-dynamic";

/** Next tells of no socket, so a client is known only by what proxies of ours have added. */
const from = ({ headers }: Request) => addressOf(undefined, headers.get("x-forwarded-for") ?? undefined, env().LATCHKEY_TRUSTED_PROXIES);

const handle = (request: Request) => withClientAddress(from(request), async () => api.fetch(request));

// Next would answer OPTIONS by itself.
export { handle as DELETE, handle as GET, handle as HEAD, handle as OPTIONS, handle as PATCH, handle as POST, handle as PUT };
