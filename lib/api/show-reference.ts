import { env } from "@/lib/env";
import { api } from "./app";
import { documentOf } from "./describe";
import { type Reference, referenceOf } from "./reference";

/** All that the API offers, for a page: nobody's secret. */
export const showReference = (): Reference => referenceOf(documentOf(api, env().LATCHKEY_URL), env().LATCHKEY_URL);
