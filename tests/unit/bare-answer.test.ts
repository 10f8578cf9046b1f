import { createServer, type RequestListener } from "node:http";
import { describe, expect, it } from "vitest";
import { mendBareAnswer } from "@/app/bare-answer";
import { noteEntry, withEntry } from "@/lib/entry";
import { withCorrelation } from "@/lib/log";
import { listening } from "@/tests/support/raw-server";

const POLICY = "default-src 'self'; style-src 'self' 'nonce-abc+/='";

async function ask(
  answer: RequestListener,
  cookie = "",
  path = "/connect/square",
  more: Record<string, string> = {},
): Promise<{ status: number; type: string | null; length: number; text: string }> {
  const server = createServer((request, response) => {
    withEntry(() => withCorrelation(() => answer(request, mendBareAnswer(request, response)), "ref-of-it"));
  });
  const got = await fetch(`http://localhost:${await listening(server)}${path}?code=CNRY-code`, {
    method: "POST",
    headers: { cookie, ...more },
  });
  const text = await got.text();
  return { status: got.status, type: got.headers.get("content-type"), length: Number(got.headers.get("content-length")), text };
}

describe("P-06 a form of another build, whose action this one does not know", () => {
  const unknown: RequestListener = (_, response) => {
    response.statusCode = 409;
    response.setHeader("x-nextjs-action-not-found", "1").setHeader("content-type", "text/plain").end("Server Action unavailable.");
  };

  it.each([
    ["en", "This page is from before an update", "Load it again"],
    ["ar", "هذه الصفحة من قبل التحديث", "إعادة التحميل"],
  ])("is told so in %s, with the way back to the page", async (locale, title, action) => {
    const { status, type, text } = await ask(unknown, `latchkey-locale=${locale}`);
    expect([status, type]).toEqual([409, "text/html; charset=utf-8"]);
    expect(text).toContain(title);
    expect(text).toMatch(new RegExp(`href="/connect/square"[^]*${action}`));
    expect(text).not.toMatch(/CNRY|ref-of-it|unavailable/);
  });

  it("a script that sent it gets Next's own answer", async () => {
    const { text } = await ask(unknown, "", "/connect/square", { "next-action": "0".repeat(42) });
    expect(text).toBe("Server Action unavailable.");
  });

  it("another refusal with that status is left alone", async () => {
    const { text } = await ask((_, response) => response.writeHead(409, { "content-type": "text/plain" }).end("as it is"));
    expect(text).toBe("as it is");
  });
});

describe("S-62 an action's request that nobody could read", () => {
  const form = { "content-type": "multipart/form-data" };
  const gaveUp =
    (type: string, first?: () => void): RequestListener =>
    (_, response) => {
      first?.();
      response.statusCode = 500;
      response.setHeader("content-type", type).end("as it is");
    };

  it.each([
    ["en", "This form could not be read"],
    ["ar", "تعذّرت قراءة هذا النموذج"],
  ])("of a form is told so in %s, and is no fault of ours", async (locale, title) => {
    const { status, type, text } = await ask(gaveUp("text/plain"), `latchkey-locale=${locale}`, "/people", form);
    expect([status, type]).toEqual([400, "text/html; charset=utf-8"]);
    expect(text).toContain(title);
    expect(text).not.toMatch(/CNRY|ref-of-it|as it is/);
  });

  it("of a script keeps Next's own answer", async () => {
    const { status, text } = await ask(gaveUp("text/x-component"), "", "/people", { "next-action": "0".repeat(42) });
    expect([status, text]).toEqual([400, "as it is"]);
  });

  it.each<[string, RequestListener, string, Record<string, string>]>([
    ["an action that was begun", gaveUp("text/plain", noteEntry), "/people", form],
    ["a page that broke over it", gaveUp("text/html"), "/people", form],
    ["a handler", gaveUp("text/plain"), "/api/oauth/square/start", form],
    ["what is no action", gaveUp("text/plain"), "/people", {}],
  ])("is not taken for %s", async (_, answer, path, headers) => expect((await ask(answer, "", path, headers)).status).toBe(500));
});

describe("S-50 what a server answers whose page broke", () => {
  const bare: Record<string, RequestListener> = {
    "with a head that others write": (_, response) => {
      response.statusCode = 500;
      response.setHeader("content-type", "text/plain").setHeader("content-length", 21).setHeader("content-security-policy", POLICY);
      response.writeHead(500);
      response.end("Internal Server Error");
    },
    "without a head": (_, response) => {
      response.statusCode = 500;
      response
        .setHeader("content-type", "text/plain; charset=utf-8")
        .setHeader("content-security-policy", POLICY)
        .end("Internal Server Error");
    },
    "an empty document in pieces": (_, response) => {
      response.statusCode = 500;
      response.setHeader("content-type", "text/html; charset=utf-8").setHeader("content-security-policy", POLICY);
      response.write('<html id="__next_error__">');
      response.end("Internal Server Error</html>");
    },
    "an empty document, compressed": (_, response) => {
      response.statusCode = 500;
      response.setHeader("content-type", "text/html").setHeader("content-security-policy", POLICY).setHeader("content-encoding", "gzip");
      response.writeHead(500);
      response.write(Buffer.from([31, 139, 8]));
      response.end();
    },
  };
  it.each(Object.entries(bare))(
    "%s becomes a page that tells what happened and the reference, and nothing of the address",
    async (_, answer) => {
      const { status, type, length, text } = await ask(answer);
      expect([status, type, length]).toEqual([500, "text/html; charset=utf-8", Buffer.byteLength(text)]);
      expect(text).toContain("There is a problem on our side");
      expect(text).toContain("Reference: ref-of-it");
      expect(text).toContain('<style nonce="abc+/=">');
      expect(text).toContain('href="/connect/square"');
      expect(text).not.toMatch(/Internal Server Error|CNRY/);
    },
  );

  it("are told in the person's language", async () => {
    const { text } = await ask(bare["without a head"] as RequestListener, "latchkey-locale=ar; latchkey-theme=dark");
    expect(text).toMatch(/^<!doctype html><html lang="ar" dir="rtl" data-theme="dark">/);
  });

  it("a page that a route handler of ours answered is left alone", async () => {
    const { text } = await ask(
      (_, response) => {
        response.statusCode = 500;
        response.setHeader("content-type", "text/html").end("as it is");
      },
      "",
      "/api/oauth/square/start",
    );
    expect(text).toBe("as it is");
  });

  it.each<[string, RequestListener]>([
    ["a page", (_, response) => response.writeHead(200, { "content-type": "text/html" }).end("as it is")],
    ["what a script asked for", (_, response) => response.writeHead(500, { "content-type": "text/x-component" }).end("as it is")],
    ["plain text", (_, response) => response.setHeader("content-type", "text/plain").end("as it is")],
    [
      "one that comes in pieces",
      (_, response) => {
        response.setHeader("content-type", "text/html").writeHead(200);
        response.write("as ");
        response.end("it is");
      },
    ],
  ])("%s is left alone", async (_, answer) => expect((await ask(answer)).text).toBe("as it is"));
});
