import { connecting } from "./connecting";
import type { Job } from "./job";
import { renewing } from "./renewing";
import { revoking } from "./revoking";
import { tidying } from "./tidying";

/** Everything that is done in the background, what people wait for first. */
export const jobs: readonly Job[] = [connecting, revoking, renewing, tidying];
