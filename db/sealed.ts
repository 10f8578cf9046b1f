declare const sealed: unique symbol;

/** Ciphertext with its key id and version. Only `lib/vault.ts` makes one, so plain text cannot be stored by accident. */
export type Sealed = string & { readonly [sealed]: true };
