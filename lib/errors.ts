const brand = Symbol.for("latchkey.app-error");

/**
 * An expected failure, for people and backends. `code` is stable and names a sentence in the catalogues (`errors.<code>`);
 * `facts` fill that sentence and hold no secrets. Anything else that is thrown is a bug.
 */
export class AppError extends Error {
  override readonly name = "AppError";
  constructor(
    readonly code: string,
    readonly status: number,
    readonly facts: Record<string, string | number> = {},
  ) {
    super(code);
    Object.defineProperty(this, brand, { value: true });
  }

  // Next bundles this module several times, so that classes differ: the brand decides.
  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === "object" && value !== null && brand in value;
  }
}

/** Not yours and not there look the same. */
export const notFound = (): AppError => new AppError("not_found", 404);

export const forbidden = (): AppError => new AppError("forbidden", 403);

/** A configuration that cannot be started with: every fault at once, each a sentence that says what to do. */
export class ConfigurationError extends Error {
  override readonly name = "ConfigurationError";
  constructor(readonly faults: readonly string[]) {
    super(`Latchkey cannot start:\n${faults.map((fault) => `  - ${fault}`).join("\n")}`);
  }
}

/** Why a process cannot start, in words for the person at its terminal. */
export const startFailure = (error: unknown): string => (error instanceof Error ? error.message : "Latchkey could not start.");
