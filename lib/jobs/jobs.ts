import { connecting } from "./connecting";
import { delivering } from "./delivering";
import type { Job } from "./job";
import { proving } from "./proving";
import { renewing } from "./renewing";
import { restating } from "./restating";
import { revoking } from "./revoking";
import { takingNotices } from "./taking-notices";
import { tidying } from "./tidying";
import { watching } from "./watching";

/** Everything that is done in the background, what people wait for first. */
export const jobs: readonly Job[] = [connecting, takingNotices, revoking, renewing, proving, restating, watching, delivering, tidying];
