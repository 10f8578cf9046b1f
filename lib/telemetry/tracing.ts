import type { SpanExporter } from "@opentelemetry/sdk-trace";
import { env } from "@/lib/env";
import { log } from "@/lib/log";
import { within } from "@/lib/within";
import { traceBy } from "./trace";

/** A process that ends waits no longer for a collector. */
const FLUSH_MS = 1_500;
const EXPORT_MS = 5_000;

const holder = globalThis as { latchkeyTracing?: { shutdown: () => Promise<void> } | undefined };

/**
 * Spans leave by OTLP over HTTP where a collector is configured. It may live on the company's own network, so this does not go by
 * lib/http.ts. Never the process's global provider: Next would then write spans with whole addresses, and a callback's holds a code.
 */
export async function startTracing(to?: SpanExporter): Promise<void> {
  const endpoint = env().OTEL_EXPORTER_OTLP_ENDPOINT;
  if (holder.latchkeyTracing || !(to || endpoint)) return;
  const { BatchSpanProcessor, TracerProvider } = await import("@opentelemetry/sdk-trace");
  const { resourceFromAttributes } = await import("@opentelemetry/resources");
  const exporter = telling(to ?? (await collector(`${endpoint}/v1/traces`)));
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ "service.name": "latchkey" }),
    spanProcessors: [new BatchSpanProcessor({ exporter, exportTimeoutMillis: EXPORT_MS })],
  });
  holder.latchkeyTracing = provider;
  traceBy(provider.getTracer("latchkey"));
}

/** Sends what is left, as far as the collector takes it in time. */
export async function stopTracing(): Promise<void> {
  const tracing = holder.latchkeyTracing;
  holder.latchkeyTracing = undefined;
  traceBy(undefined);
  await within(FLUSH_MS, tracing?.shutdown() ?? Promise.resolve()).catch((error: unknown) => log.error("traces_left_behind", error));
}

async function collector(url: string): Promise<SpanExporter> {
  const { OTLPTraceExporter } = await import("@opentelemetry/exporter-trace-otlp-http");
  return new OTLPTraceExporter({ url, timeoutMillis: EXPORT_MS });
}

/** A collector that takes nothing would otherwise be noticed by nobody. */
function telling(exporter: SpanExporter): SpanExporter {
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        if (result.error) log.error("traces_lost", result.error, { spans: spans.length });
        done(result);
      }),
    shutdown: () => exporter.shutdown(),
    forceFlush: async () => exporter.forceFlush?.(),
  };
}
