import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { database } from "@/db/client";
import { findConnection } from "@/db/connections";
import { api } from "@/lib/api/app";
import type { UserActor } from "@/lib/auth/actor";
import { moveClock, resetClock } from "@/tests/auth/people";
import { useEnv } from "@/tests/auth/set-env";
import { useDatabase } from "@/tests/support/database";
import { aMerchant, connected } from "@/tests/support/journey";
import { BASE_URL, platforms } from "@/tests/support/platforms";
import { aClient, problemIn } from "./clients";
import { eventsOf } from "./events-of";

useEnv({ LATCHKEY_URL: BASE_URL });
useDatabase();
const at = platforms({ stores: ["S1", "S2", "S3", "S4", "S5", "S6", "S7", "S8", "S9", "S10"] });
const holder = globalThis as { latchkeyFetch?: unknown };
let mona: UserActor;
let stores = 0;

beforeAll(async () => {
  holder.latchkeyFetch = at.fetch;
  mona = await aMerchant("Nile Books");
});
afterAll(() => {
  delete holder.latchkeyFetch;
});
beforeEach(async () => {
  at.faults.length = 0;
  await resetClock();
});

const aStore = async () => (await connected(at, mona, "oauth2", `S${++stores}`)).id;

it("S-68: a key that may write and not read is told what came of its own act", async () => {
  const id = await aStore();
  const { client } = await aClient({ scopes: ["connections:write"] });
  expect((await client.testConnection(id)).status).toBe(200);
  expect((await client.renewConnection(id)).status).toBe(200);
  expect((await client.revokeConnection(id, { reason: "The seller has left" })).status).toBe(200);
});

describe("POST /connections/{id}/test", () => {
  it("200: it works, proved by the platform, and the key is told to have asked", async () => {
    const id = await aStore();
    const { client, id: key } = await aClient();
    const { status, body } = await client.testConnection(id);
    expect([status, body.works, body.proved, body.trouble, body.connection.id]).toEqual([200, true, true, null, id]);
    expect(await eventsOf(id)).toContainEqual({ kind: "connection.tested", actor: "key", by: key });
  });

  it("200: the platform refuses it, and its owner is needed", async () => {
    const id = await aStore();
    at.simulators.oauth2.revokeAtPlatform(`S${stores}`);
    const { client } = await aClient();
    const { body } = await client.testConnection(id);
    expect(body).toMatchObject({ works: false, trouble: { kind: "reconnect" }, connection: { state: "needs_reconnect" } });
    expect(await problemIn(client.renewConnection(id))).toMatchObject({ status: 409, code: "reconnect_required" });
  });
});

describe("POST /connections/{id}/renew", () => {
  it("200: new access, asked for once", async () => {
    const id = await aStore();
    const before = await findConnection(database(), id);
    await moveClock("2 days");
    const { client, id: key } = await aClient();
    const { status, body } = await client.renewConnection(id);
    expect([status, body.state]).toEqual([200, "healthy"]);
    expect((await findConnection(database(), id))?.generation).toBe((before?.generation ?? 0) + 1);
    expect(await eventsOf(id)).toContainEqual({ kind: "connection.renewed", actor: "key", by: key });
  });

  it("503: nothing was sent, and Retry-After says when to go on; 502: nobody knows what the platform did", async () => {
    const [id, other] = [await aStore(), await aStore()];
    const { client } = await aClient();
    at.faults.push({ kind: "unreachable" });
    const refused = await problemIn(client.renewConnection(id));
    expect([refused.status, refused.code, (refused.retryAfterS ?? 0) > 0]).toEqual([503, "not_now", true]);
    at.faults.splice(0, 1, { kind: "status", status: 503 });
    expect(await problemIn(client.renewConnection(other))).toMatchObject({ status: 502, problem: { trouble: "doubt" } });
  });
});

describe("DELETE /connections/{id}", () => {
  it("200: revoked at the platform, by a key that is named, for a reason; the second time it says so", async () => {
    const id = await aStore();
    const { client, id: key } = await aClient();
    const { status, body } = await client.revokeConnection(id, { reason: "The seller has left us", ticket: "SUP-1" });
    expect([status, body.already, body.connection.status, body.connection.ended?.confirmed]).toEqual([200, false, "revoked", "remote"]);
    const row = await findConnection(database(), id);
    expect([row?.revokedBy, row?.revokeReason, row?.access, row?.renewal]).toEqual([key, "The seller has left us", null, null]);
    expect(await eventsOf(id)).toContainEqual({ kind: "connection.revoke_asked", actor: "key", by: key });
    const again = await client.revokeConnection(id, { reason: "Once more" });
    expect([again.status, again.body.already]).toEqual([200, true]);
    for (const call of [() => client.renewConnection(id), () => client.testConnection(id)])
      expect(await problemIn(call())).toMatchObject({ status: 410, code: "revoked" });
  });

  it("202: nothing is served any more, and the platform has yet to confirm", async () => {
    const id = await aStore();
    at.faults.push({ kind: "status", status: 503 });
    const { client } = await aClient();
    const { status, body } = await client.revokeConnection(id, { reason: "The seller has left us" });
    expect([status, body.connection.status, body.connection.ended?.confirmed]).toEqual([202, "revoking", null]);
  });

  it("400, 413, 415, 422: a body that is not as it must be changes nothing", async () => {
    const id = await aStore();
    const { ask, client } = await aClient();
    const send = async (body: BodyInit | null, headers: Record<string, string> = { "content-type": "application/json" }) => {
      const answer = await ask(`/connections/${id}`, { method: "DELETE", body, headers });
      return [answer.status, (await answer.json()).code];
    };
    expect(await send(JSON.stringify({}))).toEqual([400, "invalid"]);
    expect(await send(JSON.stringify({ reason: " " }))).toEqual([400, "invalid"]);
    expect(await send(JSON.stringify({ reason: "x", force: true }))).toEqual([400, "invalid"]);
    expect(await send("{")).toEqual([400, "not_json"]);
    expect(await send(null, {})).toEqual([400, "invalid"]);
    expect(await send("reason=x", { "content-type": "application/x-www-form-urlencoded" })).toEqual([415, "media_type"]);
    expect(await send(JSON.stringify({ reason: "x".repeat(70_000) }))).toEqual([413, "too_large"]);
    expect(await problemIn(client.revokeConnection(id, { reason: "x", reach: "token" }))).toMatchObject({
      status: 422,
      code: "reach_not_offered",
    });
    expect((await client.getConnection(id)).body.status).toBe("active");
  });

  it("403, 404: a key without the scope, and one that may not see it, end nothing", async () => {
    const id = await aStore();
    const reading = await aClient({ scopes: ["connections:read"] });
    expect(await problemIn(reading.client.revokeConnection(id, { reason: "x" }))).toMatchObject({ status: 403, code: "forbidden" });
    const odd = await reading.ask(`/connections/${id}`, { method: "DELETE", body: "{" });
    expect(odd.status).toBe(403);
    const { client } = await aClient({ merchantIds: ["mer_other"] });
    for (const call of [
      () => client.revokeConnection(id, { reason: "x" }),
      () => client.testConnection(id),
      () => client.renewConnection(id),
    ])
      expect(await problemIn(call())).toMatchObject({ status: 404, code: "not_found" });
    expect((await findConnection(database(), id))?.status).toBe("active");
    expect((await api.fetch(new Request(`${BASE_URL}/api/v1/connections/${id}`, { method: "DELETE" }))).status).toBe(401);
  });
});
