import type { Provider } from "./contract";
import { noon } from "./noon";
import { norce } from "./norce";
import { oauth2 } from "./oauth2";
import { square } from "./square";
import { ultracart } from "./ultracart";

/** Every platform that Latchkey speaks to: its id and what makes a provider of its settings. */
export const registry = { noon, norce, square, ultracart, oauth2 } satisfies Record<string, (settings: never) => Provider>;
