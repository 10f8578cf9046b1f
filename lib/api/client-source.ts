import { CORE, HEAD } from "./client-text";
import { comment, nameOfRef, type Schema, typeOf } from "./client-types";

type Content = Record<string, { schema?: Schema }>;
type Parameter = { name: string; in: string; required?: boolean; schema?: Schema; description?: string };
export type ApiOperation = {
  operationId?: string;
  summary?: string;
  description?: string;
  tags?: readonly string[];
  parameters?: readonly Parameter[];
  requestBody?: { content: Content };
  responses: Record<string, { description?: string; content?: Content }>;
  security?: readonly Record<string, readonly string[]>[];
  /** What comes of it is somebody else's, and handed over as it is. */
  "x-passed"?: true;
};
export type ApiDocument = {
  openapi: string;
  info: { title: string; version: string; description?: string };
  tags?: readonly { name: string; description?: string }[];
  paths: Record<string, Record<string, ApiOperation>>;
  components?: { schemas?: Record<string, Schema> };
};

const JSON_TYPE = "application/json";

/** A TypeScript client for all that the document describes: every shape a type, every operation a method. */
export function clientSource(document: ApiDocument): string {
  const types = Object.entries(document.components?.schemas ?? {}).map(
    ([name, schema]) => `${comment(schema.description)}export type ${name} = ${typeOf(schema)};\n`,
  );
  const methods = Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations).flatMap(([method, operation]) => (operation.operationId ? [methodOf(path, method, operation)] : [])),
  );
  return `${HEAD}\n${types.join("\n")}\n${CORE}\n  return {\n${methods.join("\n")}\n  };\n}\n`;
}

function methodOf(path: string, method: string, operation: ApiOperation): string {
  const { operationId, summary = "", description, parameters = [], requestBody, responses } = operation;
  const below = path.replace(/^\/api\/v1/, "");
  const inPath = parameters.filter((parameter) => parameter.in === "path");
  const query = parameters.filter((parameter) => parameter.in === "query");
  const body = requestBody?.content[JSON_TYPE]?.schema;
  const needed = query.some(({ required }) => required === true);
  const taken = [
    ...inPath.map(({ name }) => `${name}: string`),
    ...(body ? [`body: ${typeOf(body)}`] : []),
    ...(query.length > 0 ? [`query${needed ? "" : "?"}: ${queryType(query)}`] : []),
    "init?: RequestInit",
  ];
  const place = below.replace(/\{(\w+)\}/g, (_whole, name) => `\${encodeURIComponent(${name})}`);
  const literal = place === below ? `"${place}"` : `\`${place}\``;
  const sent = [...(query.length > 0 ? ["query"] : []), ...(body ? ["body"] : [])];
  const answers = Object.entries(responses).flatMap(([status, { content }]) => {
    const schema = content?.[JSON_TYPE]?.schema;
    return schema ? [`Answer<${status}, ${schema.$ref ? nameOfRef(schema.$ref) : typeOf(schema)}>`] : [];
  });
  const text = [`${summary}.`, description].filter(Boolean).join(" ");
  if (operation["x-passed"]) {
    const passing = `${operationId}: (id: string, path: string, init?: RequestInit) => pass("${method.toUpperCase()}", id, path, init),`;
    return `    ${`${comment(text)}${passing}`.replaceAll("\n", "\n    ")}`;
  }
  const head = `${comment(text)}${operationId}: (${taken.join(", ")}) =>`;
  const lines = `${head}\n  call<${answers.join(" | ")}>("${method.toUpperCase()}", ${literal}, { ${sent.join(", ")} }, init),`;
  return `    ${lines.replaceAll("\n", "\n    ")}`;
}

const queryType = (query: readonly Parameter[]): string =>
  typeOf({
    type: "object",
    properties: Object.fromEntries(
      query.map(({ name, schema = {}, description }) => [name, { ...schema, ...(description && { description }) }]),
    ),
    required: query.flatMap(({ name, required }) => (required === true ? [name] : [])),
  });
