import { createServer } from "node:http";
import { expect } from "vitest";
import type { Oauth2Settings } from "@/lib/providers/oauth2";
import { freePort } from "@/tests/support/free-port";
import { consent, type Subject } from "./subject";

/**
 * The mix-up attack of RFC 9700 section 4.4.1: a platform of the attacker's sends the browser on to an honest one, so that the honest
 * one's code comes back to the attempt at the attacker's. Only `iss` tells (RFC 9207). Throws where the code reaches the attacker.
 */
export async function mixUp(
  honest: Oauth2Settings,
  make: (settings: Oauth2Settings) => Subject,
  choose: (url: string) => Promise<Response>,
): Promise<void> {
  const attacker = await attackersServer(`${honest.issuer}/auth`);
  try {
    const judged = make({ ...honest, issuer: attacker.issuer });
    const answer = await consent(judged, async (url) => {
      const sentOn = await fetch(url, { redirect: "manual" });
      return choose(sentOn.headers.get("location") ?? "");
    });
    expect(answer.query.get("code")).toBeTruthy();
    expect(answer.query.get("iss")).toBe(honest.issuer);
    const read = judged.provider.readAnswer(answer.query);
    const outcome = await judged.provider.exchange(answer, judged.io).catch((error: unknown) => error);
    if (attacker.codes.length > 0) throw new Error("The honest platform's code went to the attacker.");
    expect(read).toEqual({ kind: "error", outcome: "not_matched" });
    expect(outcome).toMatchObject({ trouble: "declined", code: "answer_not_matched" });
  } finally {
    await attacker.close();
  }
}

async function attackersServer(sendsOnTo: string) {
  const port = await freePort();
  const issuer = `http://127.0.0.1:${port}`;
  const codes: string[] = [];
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? "/", issuer);
    if (url.pathname === "/authorize") return response.writeHead(302, { location: `${sendsOnTo}${url.search}` }).end();
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const code = new URLSearchParams(Buffer.concat(chunks).toString()).get("code");
    if (code) codes.push(code);
    const metadata = {
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      response_types_supported: ["code"],
    };
    const body = url.pathname === "/token" ? { access_token: "CNRY-attacker", token_type: "Bearer" } : metadata;
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return {
    issuer,
    codes,
    close() {
      server.closeAllConnections();
      return new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
