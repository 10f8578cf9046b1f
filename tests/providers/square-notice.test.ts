import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { shipped } from "./worlds/shipped";
import { steps } from "./worlds/square-steps";

const KEY = "CNRY-signature-key";
const URL = "https://latchkey.test/api/webhooks/square";
const CLIENT = { SQUARE_CLIENT_ID: "sq0idp-x", SQUARE_CLIENT_SECRET: "CNRY-square-secret" };

const { notice } = steps({}, { webhookKey: KEY }).provider;
const sign = (body: string, algorithm = "sha256") => createHmac(algorithm, KEY).update(`${URL}${body}`).digest("base64");

function told(body: unknown, headers?: Record<string, string>) {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return notice?.({
    url: URL,
    headers: new Headers(headers ?? { "x-square-hmacsha256-signature": sign(text) }),
    body: Buffer.from(text),
  });
}

const revocation = (revoked_at?: unknown) => ({
  type: "revocation",
  id: "d",
  object: { revocation: { revoked_at, revoker_type: "MERCHANT" } },
});
const event = {
  merchant_id: "MLRIYADH00001",
  type: "oauth.authorization.revoked",
  event_id: "4c3f9d6e-1",
  created_at: "2026-11-21T09:00:05Z",
  data: revocation("2026-11-21T09:00:00.123456789Z"),
};

describe("what Square tells", () => {
  it("is an ended authorization: whose, which event, and when it ended, with nanoseconds", () =>
    expect(told(event)).toEqual({
      kind: "revoked",
      eventId: "4c3f9d6e-1",
      accountId: "MLRIYADH00001",
      at: new Date("2026-11-21T09:00:00.123Z"),
    }));

  it.each([
    ["no data", undefined],
    ["empty data", {}],
    ["no moment", revocation()],
    ["no usable moment", revocation("yesterday")],
  ])("%s: it happened when it was told", (_what, data) => expect(told({ ...event, data })?.at).toEqual(new Date("2026-11-21T09:00:05Z")));

  it.each([
    ["another kind", { ...event, type: "payment.updated" }],
    ["no account", { ...event, merchant_id: 7 }],
    ["no id", { ...event, event_id: "" }],
    ["no time at all", { ...event, created_at: null, data: revocation() }],
    ["a list", [event]],
    ["a word", '"oauth.authorization.revoked"'],
    ["nothing", "null"],
    ["half of it", JSON.stringify(event).slice(0, -1)],
  ])("%s, though signed, is nothing that we use", (_what, body) => expect(told(body)).toBeNull());

  it("counts by its newer signature alone: the older header is ignored, and so is a wrong one of it", () => {
    const text = JSON.stringify(event);
    const older = sign(text, "sha1");
    expect(() => told(event, { "x-square-signature": older })).toThrow("bad_signature");
    expect(() => told(event, { "x-square-hmacsha256-signature": older })).toThrow("bad_signature");
    expect(told(event, { "x-square-hmacsha256-signature": sign(text), "x-square-signature": "wrong" })).not.toBeNull();
  });
});

describe("an installation", () => {
  it("listens where it has the key, and only there", () => {
    expect(shipped("square", CLIENT).provider?.notice).toBeUndefined();
    expect(shipped("square", { ...CLIENT, SQUARE_WEBHOOK_KEY: KEY }).provider?.notice).toBeTypeOf("function");
  });

  it("is told of a key without an application", () =>
    expect(shipped("square", { SQUARE_WEBHOOK_KEY: KEY }).faults.join()).toContain("square is configured by half"));

  it("has no trace of the key in what tells one set-up from another", () => {
    const prints = ["", KEY, "CNRY-another-key"].map((key) => shipped("square", { ...CLIENT, SQUARE_WEBHOOK_KEY: key }).fingerprint);
    expect(prints[0]).toBeTypeOf("string");
    expect(new Set(prints).size).toBe(1);
  });
});
