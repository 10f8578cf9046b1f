/** What a failure means for the connection: a consequence, not a status. */
export type Trouble = "declined" | "reconnect" | "operator" | "transient" | "doubt";

type TroubleDetail = {
  /** Credentials forms: field name → code, both translated by the platform's own messages. */
  fields?: Record<string, string>;
  /** A text that the platform declares fit for its customers. Cleaned and capped by the provider. */
  customerText?: string;
  /** Seconds to wait before the next try. */
  retryAfterS?: number;
};

const brand = Symbol.for("latchkey.provider-error");

/** The only error that leaves a provider. `code` is ours, stable and free of secrets. */
export class ProviderError extends Error {
  override readonly name = "ProviderError";
  constructor(
    readonly trouble: Trouble,
    readonly code: string,
    readonly detail: TroubleDetail = {},
  ) {
    super(`${trouble}: ${code}`);
    Object.defineProperty(this, brand, { value: true });
  }

  // Next bundles this module several times, so that classes differ: the brand decides.
  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === "object" && value !== null && brand in value;
  }
}
