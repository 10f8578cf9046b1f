import { type LookupAddress, lookup as systemLookup } from "node:dns";
import { isIP } from "node:net";
import { Agent, fetch as undiciFetch } from "undici";
import { ProviderError } from "@/lib/providers/provider-error";
import { deadline } from "./deadline";
import { env } from "./env";
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

const refused = (code: string) => new ProviderError("operator", code);

/**
 * The only way out of Latchkey. Checks every resolved address at connect time, follows no redirect, keeps no connection (a reused
 * one that dies would leave every spending call in doubt), bounds time and size. The answer's body is already read.
 * Throws ProviderError: "operator" for an address that is not allowed, "transient" when nothing was sent, "doubt" when bytes
 * left and no whole answer came.
 */
export function makeFetch(options: HttpOptions): (url: string, init?: RequestInit) => Promise<Response> {
  const { allowLoopback, lookup = systemLookup as Lookup, connectTimeoutMs = 5_000, wholeTimeoutMs = 20_000, maxBytes = 65_536 } = options;
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
  const agent = new Agent({
    pipelining: 0,
    // HTTP/2 keeps its connection whatever `pipelining` says.
    allowH2: false,
    connect: { timeout: connectTimeoutMs, lookup: guarded as never, rejectUnauthorized: true },
    // The whole call's signal is the only limit: a late answer is a secret that should not be lost to a shorter one.
    headersTimeout: 0,
    bodyTimeout: 0,
  });

  return async (url, init = {}) => {
    const target = checkUrl(url, allowLoopback);
    // An address needs no lookup, so it is judged here.
    const host = hostOf(target);
    if (isIP(host) && !reachable(host)) throw refused("address_not_allowed");
    let sent = false;
    // undici calls onRequestStart when the request is about to be written to an open socket, not before it is connected.
    const watched = agent.compose((dispatch) => (opts, handler) => {
      const inner = handler as { onRequestStart?: (...args: unknown[]) => void };
      const start = inner.onRequestStart?.bind(handler);
      inner.onRequestStart = (...args) => {
        sent = true;
        start?.(...args);
      };
      return dispatch(opts, handler);
    });
    const whole = deadline(wholeTimeoutMs);
    const signal = init.signal ? AbortSignal.any([whole, init.signal]) : whole;
    try {
      const answer = await undiciFetch(target, { ...init, redirect: "manual", dispatcher: watched, signal } as never);
      const body = await readBounded(answer.body as ReadableStream<Uint8Array> | null, maxBytes);
      const empty = [101, 204, 205, 304].includes(answer.status);
      const headers = new Headers();
      for (const [name, value] of answer.headers) headers.append(name, value);
      headers.delete("content-encoding");
      headers.delete("content-length");
      return new Response(empty ? null : body, { status: answer.status, headers });
    } catch (error) {
      const cause = error instanceof Error && error.cause instanceof ProviderError ? error.cause : error;
      if (cause instanceof ProviderError) throw cause;
      throw new ProviderError(sent ? "doubt" : "transient", sent ? "no_whole_answer" : "unreachable");
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

const holder = globalThis as { latchkeyFetch?: ReturnType<typeof makeFetch> };

/** The installation's own way out, by its configuration. */
export function outside(): ReturnType<typeof makeFetch> {
  const { LATCHKEY_ALLOW_PRIVATE_NETWORK, LATCHKEY_DEMO } = env();
  holder.latchkeyFetch ??= makeFetch({
    allowLoopback: LATCHKEY_ALLOW_PRIVATE_NETWORK,
    // A demo's platforms are on this machine, and it has no business with others.
    onlyLoopback: LATCHKEY_DEMO && LATCHKEY_ALLOW_PRIVATE_NETWORK,
  });
  return holder.latchkeyFetch;
}
