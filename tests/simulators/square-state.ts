export type Environment = "production" | "sandbox";
type Code = {
  environment: Environment;
  merchant: string;
  scopes: string[];
  redirectUri: string | null;
  challenge: string | null;
  endsAt: number;
  used: boolean;
};
export type Access = { environment: Environment; merchant: string; scopes: string[]; endsAt: number; revoked: boolean; legacy: boolean };
/** `endsAt`: only tokens of the PKCE flow end, and they are good for one use. */
type Refresh = { environment: Environment; merchant: string; scopes: string[]; endsAt: number | null; dead: boolean };

/** All that the platform remembers; plain JSON, so that a demo can keep it between two runs. */
export type SquareState = {
  apps: Record<Environment, { clientId: string; secret: string }>;
  codes: Record<string, Code>;
  access: Record<string, Access>;
  refresh: Record<string, Refresh>;
};

export type SquareSwitches = {
  skipConsent: boolean;
  /** The retired RenewToken answers as it once did. */
  renewWorks: boolean;
  /** What a revocation of an unknown token answers: "404", "401" or "200". */
  unknownRevoke: string;
  revokeSuccess: boolean;
  omitRefreshToken: boolean;
  newestVersion: string;
};
