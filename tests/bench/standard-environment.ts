/** What the product must be told to live with the benchmarks' standard platform, which takes any token. */
export const standardAt = (origin: string, address: string) => ({
  DATABASE_URL: address,
  OAUTH2_NAME: "Standard",
  OAUTH2_CLIENT_ID: "latchkey",
  OAUTH2_CLIENT_SECRET: "secret",
  OAUTH2_ISSUER: origin,
  OAUTH2_SCOPES: "orders.read",
  LATCHKEY_ALLOW_PRIVATE_NETWORK: "1",
  LATCHKEY_DEMO: "1",
});
