import { createServer, type IncomingMessage } from "node:http";
import { context, SpanStatusCode, trace } from "@opentelemetry/api";
import { InMemorySpanExporter } from "@opentelemetry/sdk-trace";
import { afterEach, describe, expect, it, vi } from "vitest";
import { ProviderError } from "@/lib/providers/provider-error";
import { observed } from "@/lib/telemetry/observed";
import { observedCall } from "@/lib/telemetry/observed-call";
import { traced } from "@/lib/telemetry/trace";
import { startTracing, stopTracing } from "@/lib/telemetry/tracing";
import { setEnv, useEnv } from "@/tests/auth/set-env";

/** Keeps what it was given after the end, when the last of it came. */
class Kept extends InMemorySpanExporter {
  override shutdown = async (): Promise<void> => undefined;
}

useEnv();
afterEach(async () => {
  await stopTracing();
  setEnv({ OTEL_EXPORTER_OTLP_ENDPOINT: undefined });
});

/** What was written while `work` ran; what it throws is part of it. */
async function spansOf(work: () => Promise<unknown>) {
  const exporter = new Kept();
  await startTracing(exporter);
  await work().catch(() => undefined);
  await stopTracing();
  return exporter.getFinishedSpans();
}

const ALLOWED = ["offer", "connection", "attempt", "method", "outcome", "cause"].map((name) => `latchkey.${name}`);

describe("spans", () => {
  it("stand below the work that they are part of, and say what came of each", async () => {
    const [call, renewal] = await spansOf(() =>
      observed(
        "renewal",
        { offer: "a", connection: "con_1" },
        () => observedCall("a", "POST", async () => new Response(null, { status: 204 })),
        () => "renewed",
      ),
    );
    expect(renewal).toMatchObject({
      name: "latchkey.renewal",
      attributes: { "latchkey.offer": "a", "latchkey.connection": "con_1", "latchkey.outcome": "renewed" },
      status: { code: SpanStatusCode.UNSET },
    });
    expect(call).toMatchObject({
      name: "latchkey.platform_call",
      attributes: { "latchkey.offer": "a", "latchkey.method": "POST", "latchkey.outcome": "204" },
    });
    expect(call?.parentSpanContext?.spanId).toBe(renewal?.spanContext().spanId);
    expect(call?.spanContext().traceId).toBe(renewal?.spanContext().traceId);
    expect(renewal?.parentSpanContext).toBeUndefined();
  });

  it("of work side by side are traces of their own", async () => {
    const spans = await spansOf(() => Promise.all(["a", "b"].map((offer) => traced("renewal", { offer }, async () => undefined))));
    expect(new Set(spans.map((span) => span.spanContext().traceId)).size).toBe(2);
  });

  it("of work that fails name the trouble and our code for it, and nothing that an error carries", async () => {
    const refused = () => Promise.reject(new ProviderError("reconnect", "refresh_refused", { customerText: "CNRY-text" }));
    const bug = () => Promise.reject(new Error("CNRY-message https://x.test/?code=CNRY-code"));
    const [first, second] = await spansOf(async () => {
      await traced("renewal", { offer: "a" }, refused).catch(() => undefined);
      await traced("revocation", { offer: "a" }, bug).catch(() => undefined);
    });
    expect(first?.attributes).toEqual({ "latchkey.offer": "a", "latchkey.outcome": "reconnect", "latchkey.cause": "refresh_refused" });
    expect(second?.attributes).toEqual({ "latchkey.offer": "a", "latchkey.outcome": "bug" });
    for (const span of [first, second]) {
      expect(span?.status).toEqual({ code: SpanStatusCode.ERROR });
      expect(span?.events).toEqual([]);
    }
  });

  it("take no address, no query, no sentence and nothing long, whoever passes one", async () => {
    const values = ["https://x.test/?code=CNRY-1", "a=CNRY-2&b", "Bearer CNRY-3", `CNRY-4${"x".repeat(80)}`, "CNRY-5\nline"];
    const spans = await spansOf(async () => {
      for (const value of values) await traced("exchange", { offer: "a", cause: value }, async () => value, String);
    });
    expect(spans).toHaveLength(values.length);
    for (const { name, attributes, events, links, resource } of spans) {
      expect(Object.keys(attributes).filter((key) => !ALLOWED.includes(key))).toEqual([]);
      expect(JSON.stringify([name, attributes, events, links, resource.attributes])).not.toMatch(/CNRY|:\/\//);
      expect(attributes["latchkey.cause"]).toBe("[refused]");
    }
  });

  it("are ours alone: Next would write whole addresses into the process's own traces, so it finds none to write into", async () => {
    await startTracing(new Kept());
    expect(trace.getTracer("next.js").startSpan("GET /api/oauth/a/callback").isRecording()).toBe(false);
    await traced("renewal", { offer: "a" }, async () => expect(trace.getSpan(context.active())).toBeUndefined());
  });

  it("are not made where nobody takes them, and the work is done all the same", async () => {
    await startTracing();
    expect(await traced("renewal", { offer: "a" }, async () => 7)).toBe(7);
    await expect(traced("renewal", { offer: "a" }, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  });
});

/** A collector that keeps what it is sent. */
async function withCollector(status: number, work: (bodies: string[]) => Promise<void>): Promise<void> {
  const bodies: string[] = [];
  const read = async (request: IncomingMessage) => {
    let body = `${request.method} ${request.url} `;
    for await (const chunk of request) body += chunk;
    bodies.push(body);
  };
  const server = createServer((request, response) => void read(request).then(() => response.writeHead(status).end("{}")));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  setEnv({ OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}` });
  await work(bodies).finally(() => new Promise((resolve) => server.close(resolve).closeAllConnections()));
}

describe("a collector", () => {
  it("that is configured is sent them by OTLP over HTTP, the last ones when the process ends", () =>
    withCollector(200, async (bodies) => {
      await startTracing();
      await traced("renewal", { offer: "a", connection: "con_1" }, async () => undefined);
      await stopTracing();
      expect(bodies).toHaveLength(1);
      expect(bodies[0]).toMatch(/^POST \/v1\/traces \{/);
      expect(bodies[0]).toContain("latchkey.renewal");
      expect(bodies[0]).toContain("con_1");
      expect(bodies[0]).not.toMatch(/version/i);
    }));

  it("that takes nothing costs no work, and the log says so", () =>
    withCollector(400, async (bodies) => {
      const lines: string[] = [];
      const write = vi.spyOn(process.stdout, "write").mockImplementation((text) => lines.push(String(text)) > 0);
      await startTracing();
      expect(await traced("renewal", { offer: "a" }, async () => 7)).toBe(7);
      await stopTracing();
      write.mockRestore();
      expect(bodies).toHaveLength(1);
      expect(lines[0]).toContain('"event":"traces_lost"');
    }));

  it("that is not there neither", async () => {
    setEnv({ OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:9" });
    await startTracing();
    expect(await traced("renewal", { offer: "a" }, async () => 7)).toBe(7);
    const begun = performance.now();
    await stopTracing();
    expect(performance.now() - begun).toBeLessThan(10_000);
  });
});
