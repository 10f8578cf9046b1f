import { connecting } from "./connecting";
import { ending } from "./ending";
import { keeping } from "./keeping";
import { links } from "./links";
import type { Mutant } from "./mutant";
import { people } from "./people";
import { renewing } from "./renewing";
import { running } from "./running";
import { serving } from "./serving";
import { unasked } from "./unasked";
import { walls } from "./walls";

/** Every guard that is taken out, each with the test that must see it. */
export const mutants: readonly Mutant[] = [
  ...connecting,
  ...links,
  ...renewing,
  ...keeping,
  ...serving,
  ...ending,
  ...walls,
  ...running,
  ...people,
  ...unasked,
];
