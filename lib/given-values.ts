import { readFileSync } from "node:fs";

type Source = Record<string, string | undefined>;

/** What these variables are set to, each by itself or by the file that `<NAME>_FILE` names. */
export function givenValues(names: readonly string[], source: Source, faults: string[]): Record<string, string> {
  const values: Record<string, string> = {};
  for (const name of names) {
    const path = source[`${name}_FILE`];
    let value = source[name];
    if (path && value) faults.push(`${name} and ${name}_FILE are both set. Keep one.`);
    if (path && !value) {
      try {
        value = readFileSync(path, "utf8").trim();
        if (value === "") faults.push(`${name}_FILE names a file that is empty.`);
      } catch (error) {
        faults.push(`${name}_FILE names a file that cannot be read (${(error as NodeJS.ErrnoException).code}).`);
      }
    }
    if (value?.trim()) values[name] = value;
  }
  return values;
}
