import { fileURLToPath } from "node:url";
import { api } from "@/lib/api/app";
import { clientSource } from "@/lib/api/client-source";
import { documentOf } from "@/lib/api/describe";

/** Where the client is kept that backends may copy and tests are written with. */
export const clientPlace = fileURLToPath(new URL("../../lib/api/client/latchkey.ts", import.meta.url));

export const documentNow = () => documentOf(api, "https://latchkey.example");

/** As the routes would have it. */
export const clientNow = () => clientSource(documentNow());
