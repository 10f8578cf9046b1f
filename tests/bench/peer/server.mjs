import { hash } from "node:crypto";
import { createServer } from "node:http";
import { betterAuth } from "better-auth";
import { makeSignature, symmetricEncrypt } from "better-auth/crypto";
import { getMigrations } from "better-auth/db/migration";
import pg from "pg";

// Better Auth behind a bare listener, doing the same: an authenticated caller, a stored and encrypted token out of the database. In two ways: by its
// own signed sessions; and, quicker, by a key that one statement of this file looks up, after which it is told whose account to read.
const [port, address, secret] = process.argv.slice(2);
const database = new pg.Pool({ connectionString: address, max: 10, options: "-c search_path=peer" });
database.on("error", () => undefined);
const providerId = "github";
const options = {
  database,
  secret,
  baseURL: `http://127.0.0.1:${port}`,
  account: { encryptOAuthTokens: true },
  socialProviders: { [providerId]: { clientId: "bench", clientSecret: "bench" } },
  rateLimit: { enabled: false },
  telemetry: { enabled: false },
};
const auth = betterAuth(options);

async function fill(tokens, keyHash) {
  const { runMigrations } = await getMigrations(options);
  await runMigrations();
  await database.query("create table backend_keys (hash text primary key)");
  await database.query("insert into backend_keys values ($1)", [keyHash]);
  // One user has one account: for each request it reads all that a user has.
  await database.query('create index account_user on account ("userId")');
  const { internalAdapter, secretConfig: key, authCookies } = await auth.$context;
  const users = [];
  for (const [index, data] of tokens.entries()) {
    const email = `store-${index}@bench.example`;
    const { id: userId } = await internalAdapter.createUser({ name: email, email, emailVerified: true });
    const accessToken = await symmetricEncrypt({ key, data });
    const accessTokenExpiresAt = new Date(Date.now() + 3_600_000);
    await internalAdapter.createAccount({ userId, providerId, accountId: `account-${index}`, accessToken, accessTokenExpiresAt });
    const session = await internalAdapter.createSession(userId);
    const signed = encodeURIComponent(`${session.token}.${await makeSignature(session.token, secret)}`);
    users.push({ userId, cookie: `${authCookies.sessionToken.name}=${signed}` });
  }
  await database.query("analyze");
  return users;
}

const KEY = { name: "key", text: "select 1 from backend_keys where hash = $1" };

async function ask({ url, headers: { authorization, cookie } }) {
  if (cookie) return auth.api.getAccessToken({ body: { providerId }, headers: new Headers({ cookie }) });
  const { rowCount } = await database.query({ ...KEY, values: [hash("sha256", authorization.slice(7))] });
  return rowCount === 1 ? auth.api.getAccessToken({ body: { providerId, userId: url.slice(1) } }) : null;
}

async function answer(request) {
  const found = await ask(request);
  if (!found?.accessToken) return null;
  return JSON.stringify({ headers: { authorization: `Bearer ${found.accessToken}` }, expires_at: found.accessTokenExpiresAt });
}

const server = createServer(async (request, response) => {
  const body = await answer(request).catch(() => null);
  if (body === null) return response.writeHead(401).end();
  response.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(body) }).end(body);
});
process.once("message", async ({ tokens, keyHash }) => {
  const users = await fill(tokens, keyHash);
  server.listen(Number(port), "127.0.0.1", () => process.send(users));
});
process.once("disconnect", () => process.exit(0));
process.send("ready");
