import { randomBytes } from "node:crypto";
import { createServer } from "node:http";

// A platform by itself in a process: it ends what it is told to end (RFC 7009), and its ledger says how often it was told of each, and when.
const [port = "0", answerMs = "20"] = process.argv.slice(2);
const origin = `http://127.0.0.1:${port}`;
const metadata = JSON.stringify({
  issuer: origin,
  authorization_endpoint: `${origin}/authorize`,
  token_endpoint: `${origin}/token`,
  revocation_endpoint: `${origin}/revoke`,
  response_types_supported: ["code"],
});
const told = new Map<string, number>();

createServer((request, response) => {
  const answer = (body: string) => response.writeHead(200, { "content-type": "application/json" }).end(body);
  let body = "";
  request.on("data", (chunk: Buffer) => {
    body += chunk.toString();
  });
  request.once("end", () => {
    if (request.url === "/ledger") return answer(JSON.stringify([...told.values()]));
    if (request.url !== "/revoke")
      return answer(request.method === "POST" ? JSON.stringify({ token: randomBytes(8).toString("hex") }) : metadata);
    const token = new URLSearchParams(body).get("token") ?? "";
    told.set(token, (told.get(token) ?? 0) + 1);
    setTimeout(() => answer("{}"), Number(answerMs));
  });
}).listen(Number(port), "127.0.0.1", () => process.send?.("ready"));
