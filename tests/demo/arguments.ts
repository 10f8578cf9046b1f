import { parseArgs } from "node:util";

export const USAGE = `npm run demo                    start, or go on where the last demo ended
npm run demo -- --reset         delete the demo's data first
npm run demo -- --port 4000     serve there instead of at 3000`;

/** Throws an Error that says what is wrong with the arguments. */
export function readArguments(from: readonly string[]): { reset: boolean; port: number | null; help: boolean } {
  const { values } = parseArgs({
    args: [...from],
    options: { reset: { type: "boolean" }, port: { type: "string" }, help: { type: "boolean" } },
  });
  const port = values.port === undefined ? null : Number(values.port);
  if (port !== null && (!Number.isInteger(port) || port < 1 || port > 65_535)) throw new Error(`${values.port} is not a port.`);
  return { reset: values.reset === true, port, help: values.help === true };
}
