import { nameOfRef, type Schema } from "./client-types";

type Schemas = Record<string, Schema>;

/** A value that such a schema takes: what it gives as an example, and else the plainest. */
export function exampleOf(schema: Schema, schemas: Schemas): unknown {
  if (schema.example !== undefined) return schema.example;
  if (schema.$ref !== undefined) return exampleOf(schemas[nameOfRef(schema.$ref)] ?? {}, schemas);
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  const [first] = schema.anyOf ?? schema.oneOf ?? schema.allOf ?? [];
  if (first) return exampleOf(first, schemas);
  const type = typeof schema.type === "string" ? schema.type : schema.type?.[0];
  switch (type) {
    case "object":
      return Object.fromEntries(Object.entries(schema.properties ?? {}).map(([name, one]) => [name, exampleOf(one, schemas)]));
    case "array":
      return [exampleOf(schema.items ?? {}, schemas)];
    case "integer":
    case "number":
      return schema.default ?? 1;
    case "boolean":
      return schema.default ?? false;
    case "string":
      return schema.default ?? (schema.format === "date-time" ? "2030-01-31T12:00:00Z" : "…");
    default:
      return null;
  }
}
