import { type LookupAddress, lookup as systemLookup } from "node:dns";
import { isIP } from "node:net";
import type { Readable } from "node:stream";
import { Agent, buildConnector, type Dispatcher, fetch as undiciFetch } from "undici";
import { ProviderError } from "@/lib/providers/provider-error";
import { deadline } from "./deadline";
import { env } from "./env";
import { littleAtFirst } from "./little-at-first";
import { mayConnect } from "./public-address";

type Lookup = (host: string, options: { all: true }, callback: (error: Error | null, addresses: LookupAddress[]) => void) => void;

export type HttpOptions = {
  allowLoopback: boolean;
  /** Nothing beyond this machine, whatever it is called. */
  onlyLoopback?: boolean;
  lookup?: Lookup;
  connectTimeoutMs?: number;
  wholeTimeoutMs?: number;
  maxBytes?: number;
};

/** No call takes longer than 20 s: less what is still read when the time is up, and what a timer may be late. */
const LONGEST_MS = 19_500;

const refused = (code: string) => new ProviderError("operator", code);

type Watched = { dispatcher: Dispatcher; sent: () => boolean };
type Guard = { check: (url: string) => URL; watch: () => Watched };

/** What every call passes, whatever becomes of its body. */
function makeGuard(options: HttpOptions): Guard {
  const { allowLoopback, lookup = systemLookup as Lookup, connectTimeoutMs = 5_000 } = options;
  const reachable = (address: string) => mayConnect(address, allowLoopback) && !(options.onlyLoopback && mayConnect(address, false));
  const guarded = (host: string, how: { all?: boolean }, callback: (error: Error | null, addresses: never, family?: number) => void) => {
    lookup(host, { all: true }, (error, addresses) => {
      if (error) return callback(error, undefined as never);
      if (addresses.length === 0 || !addresses.every(({ address }) => reachable(address)))
        return callback(refused("address_not_allowed"), undefined as never);
      const [first] = addresses;
      if (how.all) callback(null, addresses as never);
      else callback(null, first?.address as never, first?.family);
    });
  };
  // HTTP/2 keeps its connection whatever `pipelining` says.
  const connect = buildConnector({ timeout: connectTimeoutMs, allowH2: false, lookup: guarded as never, rejectUnauthorized: true });
  const agent = new Agent({
    pipelining: 0,
    allowH2: false,
    connect: (how, done) => connect(how, (...ended) => (ended[1] ? done(null, littleAtFirst(ended[1])) : done(...ended))),
    // The whole call's signal is the only limit: a late answer is a secret that should not be lost to a shorter one.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  return {
    check: (url) => {
      const target = checkUrl(url, allowLoopback);
      // An address needs no lookup, so it is judged here.
      const host = hostOf(target);
      if (isIP(host) && !reachable(host)) throw refused("address_not_allowed");
      return target;
    },
    watch: () => {
      let sent = false;
      // undici calls onRequestStart when the request is about to be written to an open socket, not before it is connected.
      const dispatcher = agent.compose((dispatch) => (opts, handler) => {
        const inner = handler as { onRequestStart?: (...args: unknown[]) => void };
        const start = inner.onRequestStart?.bind(handler);
        inner.onRequestStart = (...args) => {
          sent = true;
          start?.(...args);
        };
        return dispatch(opts, handler);
      });
      return { dispatcher, sent: () => sent };
    },
  };
}

function failureOf(error: unknown, sent: boolean): ProviderError {
  const cause = error instanceof Error && error.cause instanceof ProviderError ? error.cause : error;
  if (cause instanceof ProviderError) return cause;
  return new ProviderError(sent ? "doubt" : "transient", sent ? "no_whole_answer" : "unreachable");
}

/**
 * The only way out of Latchkey. Checks every resolved address at connect time, follows no redirect, keeps no connection (a reused
 * one that dies would leave every spending call in doubt), bounds time and size. The answer's body is already read.
 * Throws ProviderError: "operator" for an address that is not allowed, "transient" when nothing was sent, "doubt" when bytes
 * left and no whole answer came.
 */
export function makeFetch(options: HttpOptions): (url: string, init?: RequestInit) => Promise<Response> {
  const { wholeTimeoutMs = LONGEST_MS, maxBytes = 65_536 } = options;
  const guard = makeGuard(options);

  return async (url, init = {}) => {
    const target = guard.check(url);
    const { dispatcher, sent } = guard.watch();
    const whole = deadline(wholeTimeoutMs);
    const signal = init.signal ? AbortSignal.any([whole, init.signal]) : whole;
    try {
      const answer = await undiciFetch(target, { ...init, redirect: "manual", dispatcher, signal } as never);
      const body = await readBounded(answer.body as ReadableStream<Uint8Array> | null, maxBytes);
      const empty = [101, 204, 205, 304].includes(answer.status);
      const headers = new Headers();
      for (const [name, value] of answer.headers) headers.append(name, value);
      headers.delete("content-encoding");
      headers.delete("content-length");
      return new Response(empty ? null : body, { status: answer.status, headers });
    } catch (error) {
      throw failureOf(error, sent());
    }
  };
}

export type Passed = {
  method: string;
  headers: Record<string, string>;
  body: Uint8Array | ReadableStream<Uint8Array> | null;
  /** Ends the call, and whatever of its answer has not arrived by then. */
  signal: AbortSignal;
};

/** An answer whose body is on its way, byte for byte as it was sent: nothing is unpacked, and no more is read than is asked for. */
export type PassedAnswer = { status: number; headers: Headers; body: Readable };

/** The same way out with nothing buffered in either direction. Its time is bounded by the caller's signal alone. Throws as `makeFetch`. */
export function makePass(options: HttpOptions): (url: string, call: Passed) => Promise<PassedAnswer> {
  const guard = makeGuard(options);
  return async (url, { method, headers, body, signal }) => {
    const { origin, pathname, search } = guard.check(url);
    const { dispatcher, sent } = guard.watch();
    try {
      const answer = await dispatcher.request({
        origin,
        path: pathname + search,
        method: method as never,
        headers,
        body: body as never,
        signal,
      });
      const told = new Headers();
      for (const [name, values] of Object.entries(answer.headers)) for (const value of [values ?? []].flat()) told.append(name, value);
      return { status: answer.statusCode, headers: told, body: answer.body };
    } catch (error) {
      throw failureOf(error, sent());
    }
  };
}

function checkUrl(url: string, allowLoopback: boolean): URL {
  const target = URL.canParse(url) ? new URL(url) : null;
  if (!target || target.username || target.password || target.hash) throw refused("url_not_allowed");
  const host = hostOf(target);
  const local = allowLoopback && (host === "localhost" || (isIP(host) !== 0 && mayConnect(host, true) && !mayConnect(host, false)));
  if (target.protocol !== "https:" && !(target.protocol === "http:" && local)) throw refused("url_not_allowed");
  if (target.port && !local && !["443", "8443"].includes(target.port)) throw refused("url_not_allowed");
  if (isIP(host) && !mayConnect(host, allowLoopback)) throw refused("address_not_allowed");
  return target;
}

const hostOf = ({ hostname }: URL) => hostname.replace(/^\[|\]$/g, "");

/** Counted after decompression while streaming, so a bomb costs no more than the limit. */
async function readBounded(stream: ReadableStream<Uint8Array> | null, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  if (stream) {
    for await (const chunk of stream) {
      size += chunk.byteLength;
      if (size > maxBytes) throw new Error("body too large");
      chunks.push(chunk);
    }
  }
  return new Uint8Array(Buffer.concat(chunks));
}

/** Whether `outside()` would call this URL, as far as that shows without asking for its host's addresses. */
export function mayCall(url: string): boolean {
  try {
    checkUrl(url, env().LATCHKEY_ALLOW_PRIVATE_NETWORK);
    return true;
  } catch {
    return false;
  }
}

const holder = globalThis as { latchkeyFetch?: ReturnType<typeof makeFetch>; latchkeyPass?: ReturnType<typeof makePass> };

/** The installation's own way out, by its configuration. */
export function outside(): ReturnType<typeof makeFetch> {
  holder.latchkeyFetch ??= makeFetch(configured());
  return holder.latchkeyFetch;
}

/** The same for calls that are passed through. */
export function passOutside(): ReturnType<typeof makePass> {
  holder.latchkeyPass ??= makePass(configured());
  return holder.latchkeyPass;
}

function configured(): HttpOptions {
  const { LATCHKEY_ALLOW_PRIVATE_NETWORK, LATCHKEY_DEMO } = env();
  return {
    allowLoopback: LATCHKEY_ALLOW_PRIVATE_NETWORK,
    // A demo's platforms are on this machine, and it has no business with others.
    onlyLoopback: LATCHKEY_DEMO && LATCHKEY_ALLOW_PRIVATE_NETWORK,
  };
}
