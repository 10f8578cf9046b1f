import { randomBytes } from "node:crypto";
import { createServer } from "node:http";

// A platform by itself in a process: knows everybody, issues a new pair for any refresh token, and takes its time. No ledger, so that it costs little.
const [port = "0", answerMs = "300"] = process.argv.slice(2);
const origin = `http://127.0.0.1:${port}`;
const metadata = JSON.stringify({
  issuer: origin,
  authorization_endpoint: `${origin}/authorize`,
  token_endpoint: `${origin}/token`,
  response_types_supported: ["code"],
});
const token = () => randomBytes(24).toString("base64url");
let [calls, busy, most] = [0, 0, 0];

createServer((request, response) => {
  const answer = (body: string) => response.writeHead(200, { "content-type": "application/json" }).end(body);
  request.resume();
  request.once("end", () => {
    if (request.url === "/calls") return answer(JSON.stringify({ calls, most }));
    if (request.method !== "POST") return answer(metadata);
    busy += 1;
    most = Math.max(most, busy);
    setTimeout(() => {
      [calls, busy] = [calls + 1, busy - 1];
      answer(JSON.stringify({ access_token: token(), token_type: "Bearer", expires_in: 3_600, refresh_token: token() }));
    }, Number(answerMs));
  });
}).listen(Number(port), "127.0.0.1", () => process.send?.("ready"));
process.once("disconnect", () => process.exit(0));
