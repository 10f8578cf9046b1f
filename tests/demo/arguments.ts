import { parseArgs } from "node:util";

export const ROWS = 10_000;
const MOST_ROWS = 1_000_000;

export const USAGE = `npm run demo                    start, or go on where the last demo ended
npm run demo -- --reset         delete the demo's data first
npm run demo -- --rows 100000   begin with so many stores (10,000 unless told; 0 to 1,000,000)
npm run demo -- --port 4000     serve there instead of at 3000`;

/** `rows` null: nobody said how many. */
export type Arguments = { reset: boolean; port: number | null; rows: number | null; help: boolean };

/** Throws an Error that says what is wrong with the arguments. */
export function readArguments(from: readonly string[]): Arguments {
  const { values } = parseArgs({
    args: [...from],
    options: { reset: { type: "boolean" }, port: { type: "string" }, rows: { type: "string" }, help: { type: "boolean" } },
  });
  const port = values.port === undefined ? null : Number(values.port);
  if (port !== null && (!Number.isInteger(port) || port < 1 || port > 65_535)) throw new Error(`${values.port} is not a port.`);
  const rows = values.rows === undefined ? null : /^[\d,_]+$/.test(values.rows) ? Number(values.rows.replace(/[,_]/g, "")) : Number.NaN;
  if (rows !== null && !(rows <= MOST_ROWS)) throw new Error(`${values.rows} is no number of stores from 0 to 1,000,000.`);
  return { reset: values.reset === true, port, rows, help: values.help === true };
}
