import type { Simulator } from "./simulator";

/** How the simulated server may deviate from the standards, at first not at all. */
export function oauth2Switches(issuer: string): Simulator["switches"] {
  return {
    rotate: true,
    /** False: a refresh token used twice is refused, and nothing else. */
    reuseEndsFamily: true,
    /** "number", "string", "omit", or the very value to send. */
    expiresIn: "number",
    omitScope: false,
    narrowScope: false,
    /** "space", "comma", "array" */
    scopeForm: "space",
    omitRefreshToken: false,
    tokenType: "Bearer",
    issueIdToken: false,
    /** "right", "wrong", "missing" */
    iss: "right",
    advertiseIss: true,
    /** "both", "oauth", "openid", "none" */
    metadata: "both",
    metadataIssuer: issuer,
    errorWith200: false,
    grantRefusalStatus: 400,
    clientRefusalStatus: 401,
    /** "standard", "message", "html" */
    errorDialect: "standard",
    noRevocation: false,
    /** A renewal ends the pair that it renews, and a revocation the one token that it names: nothing dies along with another. */
    tokensEndAlone: false,
    noAccessRevocation: false,
    noIntrospection: false,
    noUserinfo: false,
  };
}
