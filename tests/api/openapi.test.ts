import { readFileSync } from "node:fs";
import { Validator } from "@seriousme/openapi-schema-validator";
import { describe, expect, it } from "vitest";
import { api } from "@/lib/api/app";
import type { ApiOperation } from "@/lib/api/client-source";
import { useEnv } from "@/tests/auth/set-env";
import { BASE_URL } from "@/tests/support/platforms";
import { clientNow, clientPlace, documentNow } from "./client-now";

useEnv({ LATCHKEY_URL: BASE_URL });

const operations = Object.entries(documentNow().paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]): [string, ApiOperation] => [`${method.toUpperCase()} ${path}`, operation]),
);

describe("the API's description", () => {
  it("is valid OpenAPI 3.1, read by anybody, and names where it is served", async () => {
    const answer = await api.fetch(new Request(`${BASE_URL}/api/v1/openapi.json`));
    const document = await answer.json();
    expect(await new Validator().validate(document)).toEqual({ valid: true });
    expect(document).toMatchObject({ openapi: "3.1.0", servers: [{ url: BASE_URL }] });
    const broken = { ...document, paths: { "/x": { get: { responses: "none" } } } };
    expect((await new Validator().validate(broken)).valid).toBe(false);
  });

  it("every operation has a name of its own, a tag that is explained, a summary, a scope and its refusals", () => {
    const names = operations.map(([, { operationId }]) => operationId);
    expect(new Set(names).size).toBe(names.length);
    const tags = new Map(documentNow().tags?.map(({ name, description }) => [name, description]));
    for (const [route, { operationId, summary, tags: own = [], security, responses }] of operations) {
      expect(operationId, route).toMatch(/^[a-z]+([A-Z][a-z]+)*$/);
      expect(summary, route).toBeTruthy();
      expect(own.map((tag) => tags.get(tag)).filter(Boolean), route).toHaveLength(1);
      expect(security?.[0]?.key?.[0], route).toMatch(/^[a-z]+(:[a-z]+)?$/);
      for (const status of [400, 401, 403, 404, 429, 503]) expect(responses[status], `${route} ${status}`).toBeDefined();
    }
  });
});

describe("the client that is made from it", () => {
  it("is as the routes are: else `npm run client` makes it anew", () => {
    expect(readFileSync(clientPlace, "utf8") === clientNow(), "lib/api/client/latchkey.ts is older than the routes: npm run client").toBe(
      true,
    );
  });

  it("can be fetched, and has a method for every operation", async () => {
    const answer = await api.fetch(new Request(`${BASE_URL}/api/v1/client.ts`));
    expect(answer.headers.get("content-type")).toMatch(/^text\/plain/);
    const source = await answer.text();
    expect(source).toBe(clientNow());
    for (const [, { operationId }] of operations) expect(source).toContain(`    ${operationId}: (`);
  });
});
