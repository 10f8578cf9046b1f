import fc from "fast-check";

export type Who = "admin" | "support" | "member" | "nobody";
/** A field of a form; `file`: its value is sent as a file's content. */
export type Field = readonly [name: string, value: string, file?: true];
export type Ask = {
  surface: string;
  name: string;
  who: Who;
  method: string;
  path: string;
  headers: Record<string, string>;
  body: string | readonly Field[] | null;
  /** Of a server action: its form is never anything but multipart. */
  action?: true;
  /** The body stops in the middle of what its length announces. */
  cut?: true;
};

export const asker = fc.constantFrom<Who>("admin", "admin", "support", "member", "nobody");

/** Fields by names that somebody listens to, mostly, with any values. */
export const fieldsOf = (names: readonly string[], value: fc.Arbitrary<string>): fc.Arbitrary<Field[]> => {
  const any = fc.string({ maxLength: 20 });
  const name = names.length === 0 ? any : fc.oneof({ weight: 8, arbitrary: fc.constantFrom(...names) }, { weight: 1, arbitrary: any });
  const field = fc.oneof(
    { weight: 19, arbitrary: fc.tuple(name, value) },
    { weight: 1, arbitrary: fc.tuple(name, value, fc.constant<true>(true)) },
  );
  return fc.array(field, { maxLength: 12 });
};

export const queryOf = (pairs: readonly (readonly [string, string])[]): string =>
  pairs.length === 0 ? "" : `?${pairs.map(([name, value]) => `${name}=${value}`).join("&")}`;
