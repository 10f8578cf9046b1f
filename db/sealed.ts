import { customType } from "drizzle-orm/pg-core";

declare const mark: unique symbol;

/** Ciphertext with its key id and version. Only `lib/vault.ts` makes one, so plain text cannot be stored by accident. */
export type Sealed = string & { readonly [mark]: true };

/**
 * A column of such values, a type of its own so that all of them are found in the schema (`sealed-columns`). Its table has one column as
 * primary key, and names the merchant in `merchant_id` where its values belong to one: what is sealed is bound to both.
 */
export const sealed = customType<{ data: Sealed }>({ dataType: () => "text" });
