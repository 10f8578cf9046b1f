import type { IncomingMessage, ServerResponse } from "node:http";
import { staticPage } from "@/components/connect/static-page";
import { localeCookie, negotiateLocale } from "@/lib/locale";
import { correlationId } from "@/lib/log";
import ar from "@/lib/messages/broken.ar.json";
import en from "@/lib/messages/broken.en.json";
import { isTheme, themeCookie } from "@/lib/theme";

type Call = (...values: unknown[]) => ServerResponse;

const texts = { en, ar };

/**
 * Where a page breaks, Next answers an empty document that only a script fills, and where the action of a form without a script does,
 * two bare words. Both become the page that tells what happened, with the reference that the log has. Call it before Next sees the
 * response.
 */
export function mendBareAnswer(request: IncomingMessage, response: ServerResponse): ServerResponse {
  const reference = correlationId();
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
    if (values[0] === 500 && bare.test(String(response.getHeader("content-type")))) {
      page = brokenDocument(request, String(response.getHeader("content-security-policy")), reference);
      for (const name of ["etag", "content-encoding", "transfer-encoding"]) response.removeHeader(name);
      response.setHeader("content-type", "text/html; charset=utf-8");
      response.setHeader("content-length", Buffer.byteLength(page));
    }
    return writeHead(...values);
  }) as typeof response.writeHead;
  const headFirst = () => {
    if (!response.headersSent && response.statusCode === 500) response.writeHead(500);
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

function brokenDocument({ headers, url = "/" }: IncomingMessage, policy: string, reference: string): string {
  const cookies = new URLSearchParams((headers.cookie ?? "").replaceAll("; ", "&"));
  const locale = negotiateLocale(cookies.get(localeCookie) ?? undefined, headers["accept-language"] ?? null);
  const theme = cookies.get(themeCookie);
  const { title, text, action, reference: label } = texts[locale];
  return staticPage({
    locale,
    theme: isTheme(theme) ? theme : "system",
    nonce: /'nonce-([^']+)'/.exec(policy)?.[1] ?? "",
    product: "Latchkey",
    title,
    paragraphs: [text],
    action: { label: action, href: url.split("?")[0] ?? "/" },
    reference: `${label}: ${reference}`,
  });
}
