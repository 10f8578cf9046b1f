import { beforeEach, describe, expect, it } from "vitest";
import { ProviderError } from "@/lib/providers/provider-error";
import { metrics } from "@/lib/telemetry/metrics";
import { observed } from "@/lib/telemetry/observed";
import { observedCall } from "@/lib/telemetry/observed-call";
import { standingText } from "@/lib/telemetry/standing";

const text = () => metrics().registry.metrics();
const series = async (pattern: RegExp) => (await text()).split("\n").filter((line) => pattern.test(line));

beforeEach(() => metrics().registry.resetMetrics());

describe("a piece of work", () => {
  it.each([
    ["renewal", "latchkey_renewals_total"],
    ["exchange", "latchkey_exchanges_total"],
    ["revocation", "latchkey_revocations_total"],
  ] as const)("%s counts as %s by offer and outcome, and its result comes through", async (piece, name) => {
    expect(
      await observed(
        piece,
        { offer: "a" },
        async () => 7,
        () => "done",
      ),
    ).toBe(7);
    await observed(
      piece,
      { offer: "a" },
      async () => 7,
      () => "done",
    );
    await observed(
      piece,
      { offer: "b" },
      async () => 7,
      () => "postponed",
    );
    expect((await series(new RegExp(`^${name}`))).sort()).toEqual([
      `${name}{offer="a",outcome="done"} 2`,
      `${name}{offer="b",outcome="postponed"} 1`,
    ]);
  });

  it("counts what is thrown by its trouble, and as a bug what nobody expected; both are thrown on", async () => {
    const refused = new ProviderError("reconnect", "refresh_refused");
    await expect(observed("renewal", { offer: "a" }, () => Promise.reject(refused), String)).rejects.toBe(refused);
    const bug = new TypeError("CNRY-value is not a function");
    await expect(observed("renewal", { offer: "a" }, () => Promise.reject(bug), String)).rejects.toBe(bug);
    expect((await series(/^latchkey_renewals_total/)).sort()).toEqual([
      'latchkey_renewals_total{offer="a",outcome="bug"} 1',
      'latchkey_renewals_total{offer="a",outcome="reconnect"} 1',
    ]);
    expect(await text()).not.toContain("CNRY");
  });

  it("tells how long renewals took", async () => {
    await observed(
      "renewal",
      { offer: "a" },
      async () => 7,
      () => "renewed",
    );
    expect(await series(/^latchkey_renewal_seconds_count/)).toEqual(['latchkey_renewal_seconds_count{offer="a"} 1']);
    expect(await series(/^latchkey_renewal_seconds_bucket\{le="30"/)).toEqual(['latchkey_renewal_seconds_bucket{le="30",offer="a"} 1']);
  });
});

describe("a call to a platform", () => {
  it("counts by its answer's class", async () => {
    for (const status of [200, 204, 302, 401, 429, 503])
      expect((await observedCall("a", "POST", async () => new Response(null, { status }))).status).toBe(status);
    expect((await series(/^latchkey_platform_calls_total/)).sort()).toEqual(
      [
        ["2xx", 2],
        ["3xx", 1],
        ["4xx", 2],
        ["5xx", 1],
      ].map(([at, n]) => `latchkey_platform_calls_total{offer="a",status="${at}"} ${n}`),
    );
    expect(await series(/^latchkey_platform_call_seconds_count/)).toEqual(['latchkey_platform_call_seconds_count{offer="a"} 6']);
  });

  it("without an answer counts as none", async () => {
    const lost = new ProviderError("doubt", "no_whole_answer");
    await expect(observedCall("a", "POST", () => Promise.reject(lost))).rejects.toBe(lost);
    expect(await series(/^latchkey_platform_calls_total/)).toEqual(['latchkey_platform_calls_total{offer="a",status="none"} 1']);
  });
});

it("S-114: no version is told", async () => {
  expect(await text()).toContain("process_cpu_user_seconds_total");
  expect(await text()).not.toMatch(/version/i);
});

it("a database that did not answer leaves no number of before", async () => {
  const readings = [{ name: "due_renewals", help: "Due", values: [[{ offer: "a" }, 3]] as const }];
  expect(await standingText(readings)).toContain('latchkey_due_renewals{offer="a"} 3');
  const without = await standingText(null);
  expect(without).toContain("latchkey_database_up 0");
  expect(without).not.toContain("latchkey_due_renewals");
});
