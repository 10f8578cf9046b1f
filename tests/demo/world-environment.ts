import type { Platforms } from "./world";

type Identity = { issuer: string; clientId: string; clientSecret: string };

/** The variables that the real platforms need as well: only their values are of this world. */
export function environmentOf(
  platforms: Platforms,
  origins: Record<string, string>,
  productUrl: string,
  identity: Identity,
  webhookKey: string,
) {
  const { noon, norce, ultracart, square, oauth2 } = platforms;
  return {
    LATCHKEY_DEMO: "1",
    LATCHKEY_ALLOW_PRIVATE_NETWORK: "1",
    LATCHKEY_URL: productUrl,
    PORT: new URL(productUrl).port,
    LATCHKEY_COMPANY: "Caravan",
    LATCHKEY_RETURN_ORIGINS: "https://caravan.example",
    LATCHKEY_ADMINS: "omar@latchkey.example",
    OIDC_ISSUER: identity.issuer,
    OIDC_CLIENT_ID: identity.clientId,
    OIDC_CLIENT_SECRET: identity.clientSecret,
    NOON_CLIENT_ID: noon.settings.clientId,
    NOON_CLIENT_SECRET: noon.settings.clientSecret,
    NOON_KEY_ID: noon.settings.keyId,
    NOON_PRIVATE_KEY: noon.settings.privateKey,
    NOON_PROJECT_CODE: noon.settings.projectCode,
    NOON_AUTHORIZE_URL: noon.settings.authorizeUrl,
    NOON_API_URL: noon.settings.apiUrl,
    NORCE_ORIGIN_TEMPLATE: norce.settings.originTemplate,
    NORCE_STORM_TOKEN_URL: norce.settings.stormTokenUrl,
    ULTRACART_CLIENT_ID: ultracart.clientId,
    ULTRACART_CLIENT_SECRET: ultracart.state.secret ?? "",
    ULTRACART_SCOPES: "item_read order_read",
    ULTRACART_API_URL: `${origins.ultracart}/rest/v2`,
    SQUARE_CLIENT_ID: square.settings.clientId,
    SQUARE_CLIENT_SECRET: square.settings.clientSecret,
    SQUARE_SCOPES: square.settings.scopes.join(" "),
    SQUARE_API_URL: square.settings.apiUrl,
    SQUARE_WEBHOOK_KEY: webhookKey,
    OAUTH2_NAME: "Harbor",
    OAUTH2_CLIENT_ID: oauth2.client.id,
    OAUTH2_CLIENT_SECRET: oauth2.client.secret,
    OAUTH2_ISSUER: oauth2.issuer,
    OAUTH2_SCOPES: oauth2.settings.scopes.join(" "),
  };
}
