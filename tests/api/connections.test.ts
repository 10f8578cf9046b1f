import { beforeAll, describe, expect, it } from "vitest";
import { api } from "@/lib/api/app";
import type { UserActor } from "@/lib/auth/actor";
import { useEnv } from "@/tests/auth/set-env";
import { useDatabase } from "@/tests/support/database";
import { aMerchant, connected } from "@/tests/support/journey";
import { BASE_URL, platforms } from "@/tests/support/platforms";
import { aCaller } from "./callers";

useEnv({ LATCHKEY_URL: BASE_URL });
useDatabase();
const at = platforms();
let mona: UserActor;
let id: string;

beforeAll(async () => {
  mona = await aMerchant("Nile Books");
  id = (await connected(at, mona, "square")).id;
});

describe("GET /connections/{id}", () => {
  it("200: facts, and no secret", async () => {
    const { ask } = await aCaller();
    const answer = await ask(`/connections/${id}`);
    expect(answer.status).toBe(200);
    const body = await answer.text();
    expect(JSON.parse(body)).toMatchObject({
      id,
      merchant: { id: mona.merchants[0]?.id, name: "Nile Books" },
      provider: "square",
      state: "healthy",
    });
    expect(body).not.toContain("CNRY-");
  });

  it("404: not there, another merchant's, another platform's, all alike", async () => {
    const answers = await Promise.all([
      aCaller().then(({ ask }) => ask("/connections/con_nowhere")),
      aCaller({ merchantIds: ["mer_other"] }).then(({ ask }) => ask(`/connections/${id}`)),
      aCaller({ offers: ["noon"] }).then(({ ask }) => ask(`/connections/${id}`)),
    ]);
    const bodies = await Promise.all(answers.map(async (answer) => ({ status: answer.status, body: await answer.json() })));
    for (const one of bodies) expect(one).toEqual(bodies[0]);
    expect(bodies[0]).toMatchObject({ status: 404, body: { code: "not_found" } });
  });

  it("403: a key without the scope; 401: no key, no such key", async () => {
    const { ask } = await aCaller({ scopes: ["access:read"] });
    expect((await ask(`/connections/${id}`)).status).toBe(403);
    const bare = await api.fetch(new Request(`${BASE_URL}/api/v1/connections/${id}`));
    expect([bare.status, (await bare.json()).code]).toEqual([401, "no_key"]);
    const unknown = await ask(`/connections/${id}`, { headers: { authorization: `Bearer lk_${"0".repeat(38)}` } });
    expect([unknown.status, (await unknown.json()).code]).toEqual([401, "unknown_key"]);
  });
});
