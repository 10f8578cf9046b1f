import { bulk } from "./bulk";
import { connecting } from "./connecting";
import { delivering } from "./delivering";
import type { Job } from "./job";
import { proving } from "./proving";
import { renewing } from "./renewing";
import { restating } from "./restating";
import { revoking } from "./revoking";
import { sealing } from "./sealing";
import { takingNotices } from "./taking-notices";
import { tidying } from "./tidying";
import { watching } from "./watching";

/** What asks platforms, what people wait for first. */
export const atPlatforms: readonly Job[] = [connecting, takingNotices, revoking, bulk, renewing, proving];

/** What sees how things stand after that, and tells of it. */
export const afterwards: readonly Job[] = [restating, sealing, watching, delivering, tidying];

/** Everything that is done in the background. */
export const jobs: readonly Job[] = [...atPlatforms, ...afterwards];
