import { createDecipheriv, createSecretKey, hash } from "node:crypto";
import { createServer } from "node:http";
import pg from "pg";

// The least that hands out a sealed token to whoever has a key: hash, one prepared statement, decryption, JSON. Nothing is judged, counted
// or limited.
const [port = "0", address = "", keyId = "", bytes = ""] = process.argv.slice(2);
const pool = new pg.Pool({ connectionString: address, max: 10 });
pool.on("error", () => undefined);
const secret = createSecretKey(Buffer.from(bytes, "base64"));

type Row = {
  id: string;
  merchant_id: string;
  offer: string;
  environment: string;
  account_id: string;
  access: string;
  expires_at: Date;
  generation: number;
};

const text = `select c.id, c.merchant_id, c.offer, c.environment, c.account_id, c.access, c.expires_at, c.generation
from api_keys k, connections c where k.token_hash = $1 and k.revoked_at is null and c.id = $2`;

function opened({ id, merchant_id: merchant, access }: Row): string {
  const [version, key, iv = "", body = ""] = access.split(".");
  if (key !== keyId) throw new Error("Another key");
  const sealed = Buffer.from(body, "base64url");
  const decipher = createDecipheriv("aes-256-gcm", secret, Buffer.from(iv, "base64url"));
  decipher.setAAD(Buffer.from(JSON.stringify([version, key, "connections", "access", id, merchant])));
  decipher.setAuthTag(sealed.subarray(-16));
  return decipher.update(sealed.subarray(0, -16), undefined, "utf8") + decipher.final("utf8");
}

async function answer(url: string, authorization: string): Promise<string | null> {
  const id = url.split("/")[4];
  const { rows } = await pool.query<Row>({ name: "access", text, values: [hash("sha256", authorization.slice(7)), id] });
  const [row] = rows;
  if (!row) return null;
  return JSON.stringify({
    connection: row.id,
    provider: row.offer,
    environment: row.environment,
    account: row.account_id,
    headers: { Authorization: `Bearer ${opened(row)}` },
    base_url: null,
    expires_at: row.expires_at.toISOString(),
    generation: row.generation,
  });
}

createServer(async (request, response) => {
  const body = await answer(request.url ?? "", request.headers.authorization ?? "").catch(() => null);
  if (body === null) return response.writeHead(401).end();
  response.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(body) }).end(body);
}).listen(Number(port), "127.0.0.1", () => process.send?.("ready"));
process.once("disconnect", () => process.exit(0));
