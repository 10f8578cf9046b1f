/** As much of JSON Schema as the routes' shapes come to. */
export type Schema = {
  $ref?: string;
  type?: string | readonly string[];
  const?: unknown;
  enum?: readonly unknown[];
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: readonly string[];
  additionalProperties?: boolean | Schema;
  anyOf?: readonly Schema[];
  oneOf?: readonly Schema[];
  allOf?: readonly Schema[];
  description?: string;
  default?: unknown;
  example?: unknown;
  format?: string;
};

export const nameOfRef = (ref: string): string => ref.replace("#/components/schemas/", "");

const indented = (text: string): string => text.replaceAll("\n", "\n  ");

export const comment = (text: string | undefined): string => (text === undefined ? "" : `/** ${text.replaceAll("*/", "*\\/")} */\n`);

const quoted = (name: string): string => (/^[a-z_]\w*$/i.test(name) ? name : JSON.stringify(name));

/** The TypeScript type of what a schema describes. Throws at what it does not know, rather than write `any`. */
export function typeOf(schema: Schema): string {
  if (schema.$ref !== undefined) return nameOfRef(schema.$ref);
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  const union = schema.anyOf ?? schema.oneOf;
  if (union) return union.map((one) => typeOf(one)).join(" | ");
  if (schema.allOf) return schema.allOf.map((one) => `(${typeOf(one)})`).join(" & ");
  const { type } = schema;
  if (typeof type === "object") return type.map((one) => typeOf({ ...schema, type: one })).join(" | ");
  switch (type) {
    case "string":
    case "boolean":
    case "null":
      return type;
    case "integer":
    case "number":
      return "number";
    case "array":
      return `readonly (${typeOf(schema.items ?? {})})[]`;
    case "object":
      return objectType(schema);
    case undefined:
      return "unknown";
    default:
      throw new Error(`No TypeScript is known for the type ${type}.`);
  }
}

function objectType({ properties = {}, required = [], additionalProperties }: Schema): string {
  const lines = Object.entries(properties).map(
    ([name, schema]) => `${comment(schema.description)}${quoted(name)}${required.includes(name) ? "" : "?"}: ${typeOf(schema)};`,
  );
  if (typeof additionalProperties === "object") {
    const value = lines.length > 0 ? "unknown" : typeOf(additionalProperties);
    lines.push(`[name: string]: ${value};`);
  }
  return lines.length === 0 ? "Record<string, never>" : `{\n  ${indented(lines.join("\n"))}\n}`;
}
