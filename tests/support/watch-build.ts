import { generateKeyPairSync, randomBytes } from "node:crypto";
import { existsSync, readdirSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { keepSecret } from "@/tests/leaks/run-folder";

/** What each secret begins with that a build finds in its environment: none of it may be in what the build makes. */
export const BUILD_SECRET = "CNRY-build-secret-";

/** Every setting that names somebody to talk to, all of them one address; and no database, so that whoever wants one makes it here. */
function settings(port: number): Record<string, string> {
  const nowhere = `http://127.0.0.1:${port}`;
  const secret = () => keepSecret("build-secret", `${BUILD_SECRET}${randomBytes(24).toString("base64url")}`);
  const privateKey = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  const client = (name: string) => ({ [`${name}_CLIENT_ID`]: "build", [`${name}_CLIENT_SECRET`]: secret() });
  return {
    ...client("NOON"),
    ...client("ULTRACART"),
    ...client("SQUARE"),
    ...client("OAUTH2"),
    ...client("OIDC"),
    NOON_KEY_ID: "build",
    NOON_PRIVATE_KEY: keepSecret("build-secret", privateKey),
    NOON_PROJECT_CODE: "build",
    NOON_AUTHORIZE_URL: nowhere,
    NOON_API_URL: nowhere,
    NORCE_ORIGIN_TEMPLATE: `${nowhere}/{slug}`,
    NORCE_STORM_TOKEN_URL: nowhere,
    ULTRACART_API_URL: nowhere,
    SQUARE_API_URL: nowhere,
    OAUTH2_ISSUER: nowhere,
    OIDC_ISSUER: nowhere,
    SMTP_URL: `smtp://build:${secret()}@127.0.0.1:${port}`,
    MAIL_FROM: "build@latchkey.example",
    LATCHKEY_DEMO: "1",
    LATCHKEY_ALLOW_PRIVATE_NETWORK: "1",
  };
}

/**
 * Runs a build in an environment in which every platform, the identity provider and the mail server are one listener of ours, and
 * rejects when anybody calls there or anything is made in `.latchkey`: a build reads and writes code and nothing else (S-52).
 */
export async function watchBuild(work: (settings: Record<string, string>) => Promise<void>, root = "."): Promise<void> {
  let calls = 0;
  const listener = createServer((socket) => {
    calls += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  const address = listener.address();
  const made = () => (existsSync(join(root, ".latchkey")) ? readdirSync(join(root, ".latchkey")) : []);
  const before = new Set(made());
  try {
    await work(settings(typeof address === "object" && address ? address.port : 0));
  } finally {
    await new Promise((resolve) => listener.close(resolve));
  }
  if (calls > 0) throw new Error(`The build called a platform, the identity provider or the mail server ${calls} times.`);
  const more = made().filter((name) => !before.has(name));
  if (more.length > 0) throw new Error(`The build made ${more.join(", ")} in .latchkey.`);
}
