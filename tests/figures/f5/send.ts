import { connect } from "node:net";
import type { Ask, Field, Who } from "./ask";

/** `status` 0: no answer came. */
export type Sent = { status: number; said: string; crash: string | null };

const LONGEST_MS = 60_000;

function formOf(fields: readonly Field[], multipart: boolean): FormData | URLSearchParams {
  if (!multipart) return new URLSearchParams(fields.map(([name, value]) => [name.toWellFormed(), value.toWellFormed()]));
  const form = new FormData();
  for (const [name, value, file] of fields) form.append(name.toWellFormed(), file ? new Blob([value]) : value.toWellFormed());
  return form;
}

/** Sends it as that person would. */
export async function send(url: string, ask: Ask, tokens: Record<Who, string | null>): Promise<Sent> {
  const token = tokens[ask.who];
  // A kept connection may be closed in the very moment in which the next request is on its way.
  const headers = {
    accept: "text/html",
    connection: "close",
    ...ask.headers,
    ...(token !== null && { cookie: `latchkey.session=${token}` }),
  };
  const body = ask.body === null || typeof ask.body === "string" ? ask.body : formOf(ask.body, ask.action || ask.body.length % 2 === 0);
  const request = new Request(url + ask.path, { method: ask.method, headers, body });
  try {
    if (ask.cut) return await sendHalf(request);
    const answer = await fetch(request, { redirect: "manual", signal: AbortSignal.timeout(LONGEST_MS) });
    return { status: answer.status, said: await answer.text(), crash: null };
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : "";
    return { status: 0, said: "", crash: `${(error as Error).message} ${cause}` };
  }
}

/** The first half of a body that says it is whole, and then nothing any more: the connection's other way stays open for an answer. */
async function sendHalf(request: Request): Promise<Sent> {
  const { hostname, port, pathname, search } = new URL(request.url);
  const body = Buffer.from(await request.arrayBuffer());
  const head = [`POST ${pathname}${search} HTTP/1.1`, `host: ${hostname}:${port}`, `content-length: ${body.length}`];
  for (const [name, value] of request.headers) head.push(`${name}: ${value}`);
  const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
  const chunks: Buffer[] = [];
  return new Promise((resolve) => {
    const over = () => {
      const said = Buffer.concat(chunks).toString();
      resolve({ status: Number(/^HTTP\/1\.1 (\d+)/.exec(said)?.[1] ?? 0), said, crash: null });
      socket.destroy();
    };
    socket.on("data", (chunk: Buffer) => void chunks.push(chunk)).once("close", over);
    socket.once("error", () => undefined).setTimeout(LONGEST_MS, over);
    socket.end(Buffer.concat([Buffer.from(`${head.join("\r\n")}\r\n\r\n`), body.subarray(0, body.length >> 1)]));
  });
}
