import type { registry } from "@/lib/providers/registry";
import { world as noon } from "./noon";
import { world as norce } from "./norce";
import { world as oauth2 } from "./oauth2";
import { world as square } from "./square";
import { world as ultracart } from "./ultracart";
import type { ProviderWorld } from "./world";

/** One world for every platform of the product's registry: the type checker refuses a platform without. */
export const worlds = { noon, norce, square, ultracart, oauth2 } satisfies Record<keyof typeof registry, () => ProviderWorld>;
