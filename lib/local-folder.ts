import { join } from "node:path";

/** A path in the folder beside the embedded database. */
export const localFolder = (...parts: string[]): string => join(/* turbopackIgnore: true */ process.cwd(), ".latchkey", ...parts);
