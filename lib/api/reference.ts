import type { ApiDocument, ApiOperation } from "./client-source";
import { nameOfRef, type Schema } from "./client-types";
import { exampleOf } from "./example-of";

export type ReferenceField = {
  /** Of what stands inside another one: with a dot. */
  name: string;
  type: string;
  /** The shape that it is, or is a list of. */
  shape: string | null;
  required: boolean;
  text: string | null;
};

export type ReferenceOperation = {
  id: string;
  method: string;
  path: string;
  summary: string;
  text: string | null;
  scope: string | null;
  parameters: ReferenceField[];
  body: ReferenceField[];
  answers: { status: string; text: string; shape: string | null; fields: ReferenceField[]; example: string | null }[];
  call: string;
};

export type Reference = {
  text: string;
  groups: { name: string; text: string | null; operations: ReferenceOperation[] }[];
  shapes: { name: string; fields: ReferenceField[] }[];
};

const JSON_TYPE = "application/json";

/** The API's description as a page reads it, in the order of its tags. */
export function referenceOf(document: ApiDocument, url: string): Reference {
  const schemas = document.components?.schemas ?? {};
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ tag: operation.tags?.[0], ...view(path, method, operation, schemas, url) })),
  );
  return {
    text: document.info.description ?? "",
    groups: (document.tags ?? []).map(({ name, description }) => ({
      name,
      text: description ?? null,
      operations: operations.flatMap(({ tag, ...operation }) => (tag === name ? [operation] : [])),
    })),
    shapes: Object.entries(schemas)
      .map(([name, schema]) => ({ name, fields: fieldsOf(schema) }))
      .sort((one, other) => (one.name < other.name ? -1 : 1)),
  };
}

function view(path: string, method: string, operation: ApiOperation, schemas: Record<string, Schema>, url: string): ReferenceOperation {
  const body = operation.requestBody?.content[JSON_TYPE]?.schema;
  const plain = (schema: Schema) => (schema.$ref === undefined ? schema : (schemas[nameOfRef(schema.$ref)] ?? {}));
  const shown = (schema: Schema) => JSON.stringify(exampleOf(schema, schemas), null, 2);
  return {
    id: operation.operationId ?? `${method} ${path}`,
    method: method.toUpperCase(),
    path,
    summary: operation.summary ?? path,
    text: operation.description ?? null,
    scope: Object.values(operation.security?.[0] ?? {})[0]?.[0] ?? null,
    parameters: (operation.parameters ?? []).map(({ name, required = false, schema = {}, description }) => ({
      ...fieldOf(name, { ...schema, ...(description !== undefined && { description }) }, required),
    })),
    body: body ? fieldsOf(plain(body)) : [],
    answers: Object.entries(operation.responses).map(([status, { description = "", content }]) => {
      const schema = content?.[JSON_TYPE]?.schema;
      return {
        status,
        text: description,
        shape: schema ? shapeOf(schema) : null,
        fields: schema && schema.$ref === undefined ? fieldsOf(schema) : [],
        example: schema ? shown(schema) : null,
      };
    }),
    call: callOf(path, method, body && JSON.stringify(exampleOf(body, schemas)), url, operation),
  };
}

/** In single quotes, as a shell takes anything. */
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

function callOf(path: string, method: string, body: string | undefined, url: string, { parameters = [] }: ApiOperation): string {
  const example = (name: string) => String(parameters.find((one) => one.name === name)?.schema?.example ?? name);
  const place = path.replace(/\{(\w+)\}/g, (_whole, name: string) => example(name));
  const query = parameters.flatMap((one) => (one.in === "query" && one.required === true ? [[one.name, example(one.name)]] : []));
  const search = query.length > 0 ? `?${new URLSearchParams(query)}` : "";
  return [
    `curl ${method === "get" ? "" : `-X ${method.toUpperCase()} `}${quoted(`${url}${place}${search}`)}`,
    `-H "Authorization: Bearer $LATCHKEY_API_KEY"`,
    ...(body === undefined ? [] : [`-H 'Content-Type: application/json'`, `-d ${quoted(body)}`]),
  ].join(" \\\n  ");
}

function shapeOf(schema: Schema): string | null {
  if (schema.$ref !== undefined) return nameOfRef(schema.$ref);
  const inside = [schema.items, ...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].find((one) => one && shapeOf(one) !== null);
  return inside ? shapeOf(inside) : null;
}

function wordOf(schema: Schema): string {
  if (schema.$ref !== undefined) return nameOfRef(schema.$ref);
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  const union = schema.anyOf ?? schema.oneOf;
  if (union) return union.map(wordOf).join(" | ");
  const types = [schema.type ?? "any"].flat();
  return types.map((type) => (type === "array" ? `${wordOf(schema.items ?? {})}[]` : type)).join(" | ");
}

const fieldOf = (name: string, schema: Schema, required: boolean): ReferenceField => ({
  name,
  type: wordOf(schema),
  shape: shapeOf(schema),
  required,
  text: [schema.description, schema.default === undefined ? null : `Without it: \`${schema.default}\`.`].filter(Boolean).join(" ") || null,
});

/** What an object has, and below each what that has. */
function fieldsOf(schema: Schema, before = ""): ReferenceField[] {
  const inside = schema.type === "array" ? (schema.items ?? {}) : schema;
  return Object.entries(inside.properties ?? {}).flatMap(([name, one]) => {
    const list = one.type === "array" && one.items?.properties;
    const full = `${before}${name}`;
    return [fieldOf(full, one, inside.required?.includes(name) ?? false), ...fieldsOf(one, list ? `${full}[].` : `${full}.`)];
  });
}
