import type { Platforms } from "./world";

/** Platforms at which Latchkey has a secret of its own, and how to read and change what they take for it. */
const SECRETS = {
  square: {
    read: ({ square }: Platforms) => square.state.apps.production.secret,
    write: ({ square }: Platforms, secret: string) => {
      square.state.apps.production.secret = secret;
    },
  },
  oauth2: {
    read: ({ oauth2 }: Platforms) => oauth2.client.secret,
    write: ({ oauth2 }: Platforms, secret: string) => {
      oauth2.state.clientSecret = secret;
      oauth2.client.secret = secret;
    },
  },
  ultracart: {
    read: ({ ultracart }: Platforms) => ultracart.state.secret ?? "",
    write: ({ ultracart }: Platforms, secret: string) => {
      ultracart.state.secret = secret;
    },
  },
  noon: {
    read: ({ noon }: Platforms) => noon.state.clientSecret,
    write: ({ noon }: Platforms, secret: string) => {
      noon.state.clientSecret = secret;
    },
  },
};

export type SecretHolder = keyof typeof SECRETS;
export const secretHolders = Object.keys(SECRETS) as SecretHolder[];

/** From here on the platform refuses what Latchkey is configured with. Resolves to what it took before. */
export function changeSecret(platforms: Platforms, at: SecretHolder): string {
  const before = SECRETS[at].read(platforms);
  platforms[at].rotateClientSecret();
  return before;
}

export function putSecretBack(platforms: Platforms, at: SecretHolder, secret: string): void {
  SECRETS[at].write(platforms, secret);
}
