import { createPrivateKey, randomUUID, sign } from "node:crypto";

/** A signed RS256 login statement of a service account key; null where the PEM holds no usable RSA key. */
export function keyJwt(keyId: string, privateKey: string, now: Date): string | null {
  try {
    // PEMs that came through an environment variable carry the two characters "\n" instead of line ends.
    const key = createPrivateKey(privateKey.replace(/\\n/g, "\n").trim());
    if (key.asymmetricKeyType !== "rsa") return null;
    // Back-dated: a clock that runs ahead of the platform's would be refused.
    const claims = { sub: keyId, iat: Math.floor(now.getTime() / 1000) - 5, jti: randomUUID() };
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const content = `${part({ alg: "RS256", typ: "JWT" })}.${part(claims)}`;
    return `${content}.${sign("RSA-SHA256", Buffer.from(content), key).toString("base64url")}`;
  } catch {
    return null;
  }
}
