import type { registry } from "@/lib/providers/registry";
import { noonSimulator } from "./noon";
import { norceSimulator } from "./norce";
import { oauth2Simulator } from "./oauth2";
import type { Simulator, World } from "./simulator";
import { squareSimulator } from "./square";
import { ultracartSimulator } from "./ultracart";

/** One strict simulator for every platform of the product's registry: the type checker refuses a platform without. */
export const simulators = {
  noon: noonSimulator,
  norce: norceSimulator,
  square: squareSimulator,
  ultracart: ultracartSimulator,
  oauth2: oauth2Simulator,
} satisfies Record<keyof typeof registry, (world: World, options: never) => Simulator>;
