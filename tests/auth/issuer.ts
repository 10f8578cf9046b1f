import { createHash, randomBytes } from "node:crypto";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { keepSecret } from "@/tests/leaks/run-folder";

type Person = { sub: string; [claim: string]: unknown };
type Grant = { person: Person; challenge: string; nonce: string; redirectUri: string };

/** A strict OpenID issuer as a function from request to answer. Claims about the person are told at userinfo only. */
export class Issuer {
  private readonly codes = new Map<string, Grant>();
  private readonly tokens = new Map<string, Person>();
  readonly asked: string[] = [];
  private constructor(
    readonly origin: string,
    private readonly keys: CryptoKeyPair,
  ) {}

  static async at(origin: string): Promise<Issuer> {
    return new Issuer(origin, (await generateKeyPair("RS256")) as CryptoKeyPair);
  }

  /** What the person's consent answers: our callback with a code, or with an error. */
  consent(authorization: string, person: Person | null): URL {
    const asked = new URL(authorization).searchParams;
    const value = (name: string) => asked.get(name) ?? "";
    if (value("response_type") !== "code" || value("code_challenge_method") !== "S256" || !value("nonce"))
      throw new Error("not a sound request");
    const back = new URL(value("redirect_uri"));
    back.searchParams.set("state", value("state"));
    if (!person) {
      back.searchParams.set("error", "access_denied");
      return back;
    }
    const code = keepSecret("identity-code", `CNRY-${randomBytes(12).toString("hex")}`);
    this.codes.set(code, { person, challenge: value("code_challenge"), nonce: value("nonce"), redirectUri: value("redirect_uri") });
    back.searchParams.set("code", code);
    return back;
  }

  handle = async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const request = new Request(input, init);
    const url = new URL(request.url);
    if (url.origin !== this.origin) throw new TypeError("fetch failed");
    this.asked.push(url.pathname);
    if (url.pathname === "/.well-known/openid-configuration") return Response.json(this.metadata());
    if (url.pathname === "/jwks") return Response.json({ keys: [{ ...(await exportJWK(this.keys.publicKey)), alg: "RS256", use: "sig" }] });
    if (url.pathname === "/token") return this.token(request);
    const person = this.tokens.get(request.headers.get("authorization")?.replace("Bearer ", "") ?? "");
    return url.pathname === "/userinfo" && person ? Response.json(person) : new Response(null, { status: 401 });
  };

  private metadata() {
    const { origin: issuer } = this;
    return {
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      userinfo_endpoint: `${issuer}/userinfo`,
      jwks_uri: `${issuer}/jwks`,
      response_types_supported: ["code"],
      subject_types_supported: ["public"],
      id_token_signing_alg_values_supported: ["RS256"],
    };
  }

  private async token(request: Request): Promise<Response> {
    const form = new URLSearchParams(await request.text());
    const grant = this.codes.get(form.get("code") ?? "");
    this.codes.delete(form.get("code") ?? "");
    const challenge = createHash("sha256")
      .update(form.get("code_verifier") ?? "")
      .digest("base64url");
    const client = Buffer.from("latchkey:CNRY-client-secret").toString("base64");
    if (request.headers.get("authorization") !== `Basic ${client}`) return Response.json({ error: "invalid_client" }, { status: 401 });
    if (!grant || grant.challenge !== challenge || grant.redirectUri !== form.get("redirect_uri"))
      return Response.json({ error: "invalid_grant" }, { status: 400 });
    const accessToken = keepSecret("identity-access", `CNRY-${randomBytes(12).toString("hex")}`);
    this.tokens.set(accessToken, grant.person);
    const idToken = await new SignJWT({ nonce: grant.nonce })
      .setProtectedHeader({ alg: "RS256" })
      .setIssuer(this.origin)
      .setAudience("latchkey")
      .setSubject(grant.person.sub)
      .setIssuedAt()
      .setExpirationTime("5m")
      .sign(this.keys.privateKey);
    return Response.json({ access_token: accessToken, token_type: "Bearer", expires_in: 300, id_token: idToken });
  }
}
