import type { IncomingMessage, ServerResponse } from "node:http";
import { entryNote } from "@/lib/entry";
import { correlationId } from "@/lib/log";
import { standIn } from "./stand-in";

type Call = (...values: unknown[]) => ServerResponse;

/**
 * Where a page breaks, Next answers an empty document that only a script fills, and where the action of a form without a script does,
 * two bare words, also where that form came from another build or could not be read, which Next calls a fault of ours. Each becomes the
 * page that tells what happened, with the reference that the log has. Call it before Next sees the response.
 */
export function mendBareAnswer(request: IncomingMessage, response: ServerResponse): ServerResponse {
  const reference = correlationId();
  const entry = entryNote();
  const [writeHead, end, write] = [response.writeHead, response.end, response.write].map((call) => call.bind(response)) as [
    Call,
    Call,
    (...values: unknown[]) => boolean,
  ];
  // Our route handlers answer whole pages of their own.
  const bare = request.url?.startsWith("/api/") ? /^text\/plain/ : /^text\/(plain|html)/;
  let page: string | null = null;
  // The head is written by whoever compresses the answer, before the end of it is known here.
  response.writeHead = ((...values: unknown[]) => {
    const stale = isStale(request, response, values[0]);
    const unreadable = values[0] === 500 && entry?.entered === false && isUnread(request, response);
    if ((values[0] === 500 || stale) && bare.test(String(response.getHeader("content-type")))) {
      const nonce = /'nonce-([^']+)'/.exec(String(response.getHeader("content-security-policy")))?.[1] ?? "";
      const kind = stale ? "stale" : "unreadable";
      page = standIn(request, stale || unreadable ? { kind, nonce } : { kind: "broken", nonce, reference });
      for (const name of ["etag", "content-encoding", "transfer-encoding"]) response.removeHeader(name);
      response.setHeader("content-type", "text/html; charset=utf-8");
      response.setHeader("content-length", Buffer.byteLength(page));
    }
    if (unreadable) values[0] = 400;
    return writeHead(...values);
  }) as typeof response.writeHead;
  const headFirst = () => {
    const { statusCode } = response;
    if (!response.headersSent && (statusCode === 500 || isStale(request, response, statusCode))) response.writeHead(statusCode);
  };
  response.write = ((...values: unknown[]) => {
    headFirst();
    return page === null ? write(...values) : true;
  }) as typeof response.write;
  response.end = ((...values: unknown[]) => {
    headFirst();
    return page === null ? end(...values) : end(page);
  }) as typeof response.end;
  return response;
}

/** Next knows no such action: the form is of a build that came before or after. A script that asked reads the header by itself. */
function isStale({ headers }: IncomingMessage, response: ServerResponse, status: unknown): boolean {
  return status === 409 && response.hasHeader("x-nextjs-action-not-found") && headers["next-action"] === undefined;
}

/**
 * An action's request that Next gave up before the action was begun: cut off, too long, not what its script or a form sends, from
 * elsewhere. A page that breaks is a document, and handlers below /api are no actions.
 */
function isUnread({ headers, method, url }: IncomingMessage, response: ServerResponse): boolean {
  const asked = headers["next-action"] !== undefined || headers["content-type"]?.startsWith("multipart/form-data");
  const document = String(response.getHeader("content-type")).startsWith("text/html");
  return method === "POST" && Boolean(asked) && !document && !url?.startsWith("/api/");
}
