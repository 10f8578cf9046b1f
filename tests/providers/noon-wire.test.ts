import { beforeEach, describe, expect, test } from "vitest";
import type { Io } from "@/lib/providers/contract";
import { noon } from "@/lib/providers/noon";
import { ProviderError } from "@/lib/providers/provider-error";
import { protobufDurationS } from "@/lib/providers/wire/protobuf-duration";
import { sessionCookies } from "@/lib/providers/wire/session-cookies";
import { consent, steps } from "./worlds/noon-steps";

let t: ReturnType<typeof steps>;
beforeEach(() => {
  t = steps();
});

describe("wire shapes", () => {
  test.each([
    [3600, 3600],
    ["3600", 3600],
    ["3600s", 3600],
    ["1.5s", 1],
    ["0s", null],
    ["-5s", null],
    ["1e9s", null],
    ["s", null],
    [null, null],
    [[], null],
    ["999999999999s", null],
    [Number.NaN, null],
  ])("X-08: the duration %j is %j seconds", (value, seconds) => {
    expect(protobufDurationS(value)).toBe(seconds);
  });

  const now = new Date("2026-11-21T09:00:00Z");
  test.each([
    [["a=1; Path=/; HttpOnly", "b=2=3; Secure"], { cookie: "a=1; b=2=3", expiresAt: null }],
    [["a=1; Max-Age=60", "b=2; max-age=30"], { cookie: "a=1; b=2", expiresAt: new Date("2026-11-21T09:00:30Z") }],
    [["a=1; Expires=Sat, 21 Nov 2026 10:00:00 GMT"], { cookie: "a=1", expiresAt: new Date("2026-11-21T10:00:00Z") }],
    [["a=1; Max-Age=60; Expires=Sat, 21 Nov 2026 10:00:00 GMT"], { cookie: "a=1", expiresAt: new Date("2026-11-21T09:01:00Z") }],
    [["a=1", "old=2; Max-Age=0", "gone=; Path=/", "a=9"], { cookie: "a=9", expiresAt: null }],
    [["a=1; Max-Age=soon; Expires=never"], { cookie: "a=1", expiresAt: null }],
    [["; Path=/", "=x", "a=caf\u00e9"], null],
    [[], null],
  ])("cookies %j", (lines, expected) => {
    const response = new Response("{}");
    for (const line of lines) response.headers.append("set-cookie", line);
    expect(sessionCookies(response, now)).toEqual(expected);
  });

  test("the provider uses nothing but its io", async () => {
    const silent: Io = { ...t.io, fetch: () => Promise.reject(new ProviderError("transient", "unreachable")) };
    expect(await t.trouble(noon(t.at.simulator.settings).authorizationUrl(consent, silent))).toBe("transient unreachable");
    expect(t.at.simulator.ledger.calls).toEqual([]);
  });
});
