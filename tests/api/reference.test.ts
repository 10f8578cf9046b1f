import { describe, expect, it } from "vitest";
import { problemTitles } from "@/lib/api/problem-titles";
import { referenceOf } from "@/lib/api/reference";
import { documentNow } from "./client-now";

const reference = referenceOf(documentNow(), "https://latchkey.example");
const operations = reference.groups.flatMap((group) => group.operations);
const byId = (id: string) => operations.find((operation) => operation.id === id);

describe("the reference page's contents", () => {
  it("has every operation and shape of the description, and leads to none that is not there", () => {
    const described = Object.values(documentNow().paths).flatMap((methods) => Object.values(methods).map(({ operationId }) => operationId));
    expect(operations.map(({ id }) => id).sort()).toEqual(described.sort());
    const shapes = new Set(reference.shapes.map(({ name }) => name));
    expect([...shapes].sort()).toEqual(Object.keys(documentNow().components?.schemas ?? {}).sort());
    const named = operations.flatMap(({ parameters, body, answers }) => [
      ...[...parameters, ...body].map(({ shape }) => shape),
      ...answers.flatMap(({ shape, fields }) => [shape, ...fields.map((field) => field.shape)]),
    ]);
    for (const shape of named) if (shape !== null) expect(shapes).toContain(shape);
  });

  it("shows a call that can be pasted, what stands inside a field, and an answer", () => {
    expect(byId("createMerchant")?.call).toBe(
      `curl -X POST 'https://latchkey.example/api/v1/merchants' \\\n  -H "Authorization: Bearer $LATCHKEY_API_KEY" \\\n  -H 'Content-Type: application/json' \\\n  -d '{"external_id":"seller-4711","name":"Nile Books"}'`,
    );
    expect(byId("getConnection")?.call).toContain("/api/v1/connections/con_8d3kz0vq5j1n7c2mwx4t'");
    expect(byId("listConnections")).toMatchObject({ method: "GET", path: "/api/v1/connections", scope: "connections:read" });
    const example = byId("getConnection")?.answers.find(({ status }) => status === "200")?.example ?? "{}";
    expect(JSON.parse(example)).toMatchObject({ merchant: { external_id: "seller-4711" }, state: "healthy" });
    const connection = reference.shapes.find(({ name }) => name === "Connection");
    expect(connection?.fields.map(({ name }) => name)).toEqual(expect.arrayContaining(["id", "merchant.external_id", "ended.confirmed"]));
  });

  it("names no platform", () => {
    expect(JSON.stringify(reference)).not.toMatch(/noon(?!e)|norce|ultracart|square/i);
  });
});

it("every problem says what is the matter, in a sentence", () => {
  for (const [code, title] of Object.entries(problemTitles)) expect(title, code).toMatch(/^[A-Z`].{8,}[.]$/);
});
