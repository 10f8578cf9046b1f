import { api } from "@/lib/api/app";

export const dynamic = "force-dynamic";

const handle = (request: Request) => api.fetch(request);

// Next would answer OPTIONS by itself.
export { handle as DELETE, handle as GET, handle as HEAD, handle as OPTIONS, handle as PATCH, handle as POST, handle as PUT };
