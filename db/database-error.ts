const brand = Symbol.for("latchkey.database-error");

interface Facts {
  /** SQLSTATE, or the connection's own code such as ECONNREFUSED. */
  code: string;
  operation: string;
  table?: string | undefined;
  constraint?: string | undefined;
}

/** What a statement's failure may say outside db/: never a value, a parameter, the driver's message or the driver's error. */
export class DatabaseError extends Error {
  readonly code: string;
  readonly operation: string;
  readonly table: string | undefined;
  readonly constraint: string | undefined;

  constructor({ code, operation, table, constraint }: Facts) {
    const named = constraint ?? table;
    super(`The database refused "${operation}": ${code}${named ? ` (${named})` : ""}`);
    this.name = "DatabaseError";
    this.code = code;
    this.operation = operation;
    this.table = table;
    this.constraint = constraint;
    Object.defineProperty(this, brand, { value: true });
  }

  // Next bundles this module several times, so that classes differ: the brand decides.
  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === "object" && value !== null && brand in value;
  }
}

const IDENTIFIER = /^[\w.$-]{1,63}$/;
const VERB =
  /^\s*(with|select|insert|update|delete|begin|commit|rollback|savepoint|release|create|alter|drop|set|show|refresh|truncate|lock|copy)\b/i;
const TARGET = /^\s*(?:insert into|update|delete from)\s+"([\w.$-]{1,63})"/i;

/** The verb and, where the builder names it at once, the table: literals further on in the text never pass. */
function operationOf(text: string): string {
  const verb = VERB.exec(text)?.[1]?.toLowerCase() ?? "statement";
  const target = TARGET.exec(text)?.[1];
  return target ? `${verb} ${target}` : verb;
}

function field(source: object, name: string): string | undefined {
  const value = (source as Record<string, unknown>)[name];
  return typeof value === "string" && IDENTIFIER.test(value) ? value : undefined;
}

// The drivers tell of a lost or refused connection by these words alone, without a code; Neon's by a WebSocket's event without a word.
const LOST =
  /^(timeout e|query read timeout|connection terminated|connection ended|client was closed|client has encountered|cannot use a pool)/i;

/** Reads code, constraint and table from whatever Drizzle or the driver threw; everything else is dropped on purpose. */
export function toDatabaseError(error: unknown, text: string): DatabaseError {
  if (error instanceof DatabaseError) return error;
  const chain: object[] = [];
  for (let next: unknown = error; typeof next === "object" && next !== null && chain.length < 5; ) {
    chain.unshift(next);
    next = (next as { cause?: unknown }).cause;
  }
  const read = (name: string) => chain.map((link) => field(link, name)).find((value) => value !== undefined);
  const lost = chain.some((link) => link instanceof Event || (link instanceof Error && LOST.test(link.message)));
  return new DatabaseError({
    code: read("code") ?? (lost ? "08006" : "unknown"),
    operation: operationOf(text),
    table: read("table"),
    constraint: read("constraint"),
  });
}
