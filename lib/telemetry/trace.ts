import { AsyncLocalStorage } from "node:async_hooks";
import { type Context, ROOT_CONTEXT, SpanKind, SpanStatusCode, type Tracer, trace } from "@opentelemetry/api";
import { ProviderError } from "@/lib/providers/provider-error";

export type SpanName = "renewal" | "exchange" | "revocation" | "platform_call";

/** All that a span may say. There is no place for an address, a body or a message. */
export type Facts = { offer?: string; connection?: string; attempt?: string; method?: string; outcome?: string; cause?: string };

/** A word: no address, no sentence and no query gets through, whoever passes one. */
const WORD = /^[\w.-]{1,64}$/;

// Next bundles this module several times: they write into one trace.
const holder = globalThis as { latchkeyTracer?: Tracer | undefined; latchkeyInside?: AsyncLocalStorage<Context> };
holder.latchkeyInside ??= new AsyncLocalStorage<Context>();
const inside = holder.latchkeyInside;

/** What spans are made by from now on; undefined: there are none. */
export function traceBy(tracer: Tracer | undefined): void {
  holder.latchkeyTracer = tracer;
}

/** Does the work in a span, below the one it is called in. `outcome` names what came of it; what is thrown names itself. */
export async function traced<T>(name: SpanName, facts: Facts, work: () => Promise<T>, outcome?: (done: T) => string): Promise<T> {
  const tracer = holder.latchkeyTracer;
  if (!tracer) return work();
  const parent = inside.getStore() ?? ROOT_CONTEXT;
  const kind = name === "platform_call" ? SpanKind.CLIENT : SpanKind.INTERNAL;
  const span = tracer.startSpan(`latchkey.${name}`, { kind, attributes: attributesOf(facts) }, parent);
  try {
    const done = await inside.run(trace.setSpan(parent, span), work);
    if (outcome) span.setAttributes(attributesOf({ outcome: outcome(done) }));
    return done;
  } catch (error) {
    span.setAttributes(attributesOf(wordsOf(error)));
    // Without a message and without the exception: both may carry values.
    span.setStatus({ code: SpanStatusCode.ERROR });
    throw error;
  } finally {
    span.end();
  }
}

/** What is thrown, in fixed words. */
export function wordsOf(error: unknown): { outcome: string; cause?: string } {
  return error instanceof ProviderError ? { outcome: error.trouble, cause: error.code } : { outcome: "bug" };
}

function attributesOf(facts: Facts): Record<string, string> {
  return Object.fromEntries(Object.entries(facts).map(([name, value]) => [`latchkey.${name}`, WORD.test(value) ? value : "[refused]"]));
}
